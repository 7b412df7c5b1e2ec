import type { UsageStore } from '../../ports/usage-store.ts'
import type { Context } from '../context.ts'
import { failureCode } from '../failure-code.ts'
import { hasOverage } from './check-pairing.ts'

/** Tells the log, once, what works, but not as far as one might think. Nobody waits for it. */
export async function tellStart(context: Pick<Context, 'catalog' | 'payments' | 'logger'>, usage: UsageStore): Promise<void> {
  tellPairing(context)
  await tellInspection(context, usage)
}

function tellPairing({ catalog, payments, logger }: Pick<Context, 'catalog' | 'payments' | 'logger'>): void {
  if (payments === null) return
  for (const feature of Object.keys(catalog.features).filter((key) => hasOverage(catalog, key))) {
    logger.warn('Overage is counted and not yet reported to Stripe: bill it from the snapshot', { feature })
  }
}

/** What breaks the store's label. A store that cannot be asked yet is asked by others. */
async function tellInspection({ logger }: Pick<Context, 'logger'>, usage: UsageStore): Promise<void> {
  try {
    for (const warning of (await usage.inspect?.()) ?? []) logger.warn(warning, { label: usage.label })
  } catch (error) {
    logger.warn('The usage store could not be inspected', { label: usage.label, failure: failureCode(error) })
  }
}
