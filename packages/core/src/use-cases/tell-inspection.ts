import type { Logger } from '../ports/logger.ts'
import type { UsageStore } from '../ports/usage-store.ts'
import { failureCode } from './failure-code.ts'

/** Tells the log what breaks the store's label. Nobody waits for it, and a store that cannot be asked yet is asked by others. */
export async function tellInspection(usage: UsageStore, logger: Logger): Promise<void> {
  try {
    for (const warning of (await usage.inspect?.()) ?? []) logger.warn(warning, { label: usage.label })
  } catch (error) {
    logger.warn('The usage store could not be inspected', { label: usage.label, failure: failureCode(error) })
  }
}
