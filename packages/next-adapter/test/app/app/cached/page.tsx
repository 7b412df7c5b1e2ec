import { requireAuthOnPage } from '@farebox/next'
import { connection } from 'next/server'
import type { ReactNode } from 'react'
import { farebox, reach } from '../billing.ts'

const Guarded = requireAuthOnPage(farebox, () => <p>{reach('cached-page')}</p>, { signInUrl: '/sign-in' })

async function shared(): Promise<ReactNode> {
  'use cache'
  return Guarded({})
}

export default async function Cached(): Promise<ReactNode> {
  await connection()
  return shared()
}
