import { type Auth, type Fault, type Payments, isFareboxError } from '@farebox/core'
import { clerkAuth } from '@farebox/core/drivers/clerk'
import { stripePayments } from '@farebox/core/drivers/stripe'
import Stripe from 'stripe'
import type { Environment } from './environment.ts'

/** The sign-in and the payments that there are keys for. */
export interface Services {
  readonly auth: Auth | null
  readonly payments: Payments | null
}

/** Connects real services, and collects in `faults` what is wrong with their keys, under the names of the environment. */
export function connectServices({ stripe, clerk, appUrl, isDevelopment }: Environment, faults: Fault[]): Services {
  const auth = clerk && made(
    () => clerkAuth({ ...clerk, authorizedParties: [new URL(appUrl).origin] }),
    { secretKey: 'CLERK_SECRET_KEY', jwtKey: 'CLERK_JWT_KEY', issuer: 'CLERK_ISSUER', webhookSecret: 'CLERK_WEBHOOK_SECRET' },
    faults,
  )
  const payments = stripe && made(
    () => stripePayments({ client: new Stripe(stripe.secretKey || 'sk_test_'), webhookSecret: stripe.webhookSecret }),
    { client: 'STRIPE_SECRET_KEY', webhookSecret: 'STRIPE_WEBHOOK_SECRET' },
    faults,
  )
  const key = stripe?.secretKey ?? ''
  if (key !== '' && !/^[sr]k_(test|live)_\w+$/.test(key)) {
    faults.push({ path: 'STRIPE_SECRET_KEY', message: 'This is no secret key: it begins with sk_test_ or sk_live_' })
  }
  if (isDevelopment && clerk === null && /^.k_live_/.test(key)) {
    faults.push({ path: 'STRIPE_SECRET_KEY', message: 'A live key needs a real sign-in: anybody is whoever they say while developing' })
  }
  return { auth, payments }
}

/** A part, or `null` with its faults. What is missing has been named already. */
function made<Part>(make: () => Part, variables: Readonly<Record<string, string>>, faults: Fault[]): Part | null {
  try {
    return make()
  } catch (error) {
    if (!isFareboxError(error)) throw error
    const named = new Set(faults.map(({ path }) => path))
    const found = error.faults.map(({ path, message }) => ({ path: variables[path] ?? path, message }))
    faults.push(...found.filter(({ path }) => !named.has(path)))
    return null
  }
}
