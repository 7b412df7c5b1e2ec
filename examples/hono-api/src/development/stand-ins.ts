import type { Auth, Clock } from '@farebox/core'
import { type StripePaymentsOptions, webhookEvents } from '@farebox/core/drivers/stripe'
import { createStripeSimulator } from '@farebox/stripe-simulator'
import { type PriceIds, applyStep, planPush, readState } from 'farebox'
import Stripe from 'stripe'
import { catalog } from '../../billing.ts'
import type { Environment } from '../environment.ts'
import { type SignIn, createSignIn } from './sign-in.ts'

/** What takes the place of Stripe and the sign-in while developing. None of it is made without `FAREBOX_DEV=1`. */
export interface StandIns {
  /** The simulator's time, so that a month can pass in a moment. `undefined` where Stripe is real. */
  readonly clock: Clock | undefined
  readonly stripe: StripePaymentsOptions | undefined
  readonly auth: Auth
  readonly signIn: SignIn
  close(): Promise<void>
}

/** No secret of anybody's: it is known so that `farebox doctor` can be tried on the simulator. */
const webhookSecret = 'whsec_simulated'

/** Starts a stand-in for each part whose keys are missing. The simulator knows the catalog before the app starts. */
export async function startStandIns(environment: Environment): Promise<StandIns> {
  const signIn = await createSignIn(environment.appUrl)
  if (environment.stripe !== null) {
    return { clock: undefined, stripe: undefined, auth: signIn.auth, signIn, close: async () => undefined }
  }
  const url = `http://127.0.0.1:${environment.port}/api/billing/webhooks/stripe`
  const simulator = createStripeSimulator({ webhookEndpoints: [{ url, secret: webhookSecret, enabledEvents: webhookEvents }] })
  const listening = await simulator.listen({ port: environment.simulatorPort })
  const client = new Stripe('sk_test_simulated', { host: '127.0.0.1', port: listening.port, protocol: 'http', telemetry: false })
  await pushCatalog(client)
  return {
    clock: simulator.clock,
    stripe: { client, webhookSecret },
    auth: signIn.auth,
    signIn,
    close: () => listening.close(),
  }
}

/** As `npx farebox push` does, without asking: the simulator is empty at every start. */
async function pushCatalog(client: Stripe): Promise<void> {
  const prices: PriceIds = new Map()
  for (const step of planPush(catalog, await readState(client, catalog))) await applyStep(client, step, prices)
}
