import { requireAuthOnPage } from '@farebox/next'
import { connection } from 'next/server'
import type { ReactNode } from 'react'
import { farebox } from '../billing.ts'

const Guarded = requireAuthOnPage(farebox, () => <p>reached</p>, { signInUrl: '/sign-in' })

async function shared(): Promise<ReactNode> {
  'use cache'
  return Guarded({})
}

export default async function Cached(): Promise<ReactNode> {
  await connection()
  return shared()
}
