import { findSnapshot } from '@farebox/next'
import { BillingProvider, PlanBadge } from '@farebox/react'
import '@farebox/react/styles.css'
import type { Metadata } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { farebox } from '../farebox.ts'
import { whoIsIn } from '../sign-in.ts'
import { signOut } from './sign-in/actions.ts'
import './style.css'

export const metadata: Metadata = { title: 'Fortunes', description: 'A Next.js app that charges for itself' }

const labels = { fortunes: 'Fortunes', book: 'The book' }

/**
 * The snapshot is a promise: the page is sent at once, and the numbers follow. Of nobody there is none, and no request asks for it.
 * The key makes a new client for another person.
 */
export default async function Layout({ children }: { readonly children: ReactNode }): Promise<ReactNode> {
  const name = await whoIsIn()
  const snapshot = name === undefined ? null : findSnapshot(farebox)
  return (
    <html lang="en">
      <body>
        <BillingProvider key={name} snapshot={snapshot} locale="en" timeZone="UTC" labels={labels}>
          <header>
            <Link href="/" className="brand">
              Fortunes
            </Link>
            <nav>
              <Link href="/pricing">Plans</Link>
              {name === undefined ? <Link href="/sign-in">Sign in</Link> : <Link href="/billing">Billing</Link>}
            </nav>
            {name !== undefined && (
              <form action={signOut}>
                {name}
                <PlanBadge />
                <button type="submit" className="plain">Sign out</button>
              </form>
            )}
          </header>
          <main>{children}</main>
        </BillingProvider>
      </body>
    </html>
  )
}
