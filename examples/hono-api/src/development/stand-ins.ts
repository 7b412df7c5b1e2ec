import { readFile } from 'node:fs/promises'
import type { Auth, Clock } from '@farebox/core'
import { type StripePaymentsOptions } from '@farebox/core/drivers/stripe'
import { type ListeningSimulator, type StripeSimulator, createStripeSimulator } from '@farebox/stripe-simulator'
import { applyPush, planPush, readPushState } from 'farebox'
import Stripe from 'stripe'
import { catalog } from '../../billing.ts'
import type { Environment } from '../environment.ts'
import { type SignIn, createSignIn } from './sign-in.ts'

/** What takes the place of Stripe and the sign-in while developing. None of it is made without `FAREBOX_DEV=1`. */
export interface StandIns {
  readonly clock: Clock
  readonly auth: Auth
  readonly signIn: SignIn
  readonly stripe: StripePaymentsOptions
  readonly simulator: StripeSimulator
  readonly simulatorUrl: string
  close(): Promise<void>
}
