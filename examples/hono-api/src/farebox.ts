import { type Farebox, type Logger, type Store, createFarebox } from '@farebox/core'
import { stripePayments } from '@farebox/core/drivers/stripe'
import { catalog } from '../billing.ts'
import type { StandIns } from './development/stand-ins.ts'
import type { Environment } from './environment.ts'
import type { Services } from './services.ts'

export type AppFarebox = Farebox<typeof catalog>

/** Binds the catalog to a store, Stripe and the sign-in: the real ones by their keys, stand-ins where keys are missing. */
export function connectFarebox(
  { appUrl }: Environment,
  store: Store,
  { auth, payments }: Services,
  standIns: StandIns | null,
): AppFarebox {
  const clock = standIns?.clock
  return createFarebox({
    catalog,
    appUrl,
    logger,
    store,
    ...(clock && { clock }),
    auth: auth ?? needed(standIns?.auth),
    payments: payments ?? stripePayments(needed(standIns?.stripe)),
  })
}

/** Fields are flat and never secret, so they can be logged as they are. */
const logger: Logger = {
  info: () => undefined,
  warn: (message, fields) => console.error(JSON.stringify({ level: 'warn', message, ...fields })),
  error: (message, fields) => console.error(JSON.stringify({ level: 'error', message, ...fields })),
}

function needed<Part>(part: Part | undefined): Part {
  if (part !== undefined) return part
  throw new Error('Keys are missing, and stand-ins are made only while developing')
}
