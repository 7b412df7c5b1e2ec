import { BillingDashboard, BillingProvider, createBillingClient } from '@farebox/react'
import { useMemo, useState } from 'react'
import { QuoteCard } from './quote-card.tsx'
import { type Session, findSession, signOut } from './session.ts'
import { SignIn } from './sign-in.tsx'

const labels = { apiCalls: 'API calls', exports: 'Exports', models: 'Models' }

/** The app sells no seats and no credits, so these sections stay away. */
const sections = ['notices', 'plan', 'period', 'usage', 'planChange', 'upcoming', 'paymentMethods', 'invoices'] as const

export function App(): React.ReactElement {
  const [session, setSession] = useState<Session | null>(findSession)
  return (
    <div className="page">
      <header className="bar">
        <span className="brand">Quotes</span>
        {session && (
          <span className="who">
            {session.userId}
            <button
              type="button"
              className="plain"
              onClick={() => {
                signOut()
                setSession(null)
              }}
            >
              Sign out
            </button>
          </span>
        )}
      </header>
      <main>{session === null ? <SignIn onSignIn={setSession} /> : <Dashboard session={session} />}</main>
    </div>
  )
}

function Dashboard({ session }: { readonly session: Session }): React.ReactElement {
  const client = useMemo(() => createBillingClient({ getToken: () => session.token }), [session])
  return (
    <BillingProvider client={client} locale="en" timeZone="UTC" labels={labels}>
      <h1>Your billing</h1>
      <QuoteCard client={client} />
      <BillingDashboard sections={sections} />
    </BillingProvider>
  )
}
