import type { Context } from '../context.ts'
import { drainOutbox } from './outbox.ts'

/** Delivers what a commit left to do. The commit stands whatever happens here: what fails is due again, and the sweep finds it. */
export async function drainSoon(context: Context, customer: string): Promise<void> {
  try {
    await drainOutbox(context, customer)
  } catch {
    context.logger.warn('What follows a change will be tried again', { customer })
  }
}
