import { type Instant, type Milliseconds, second } from '../../domain/instant.ts'
import type { RecordWrite } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { failureCode } from '../failure-code.ts'
import { paymentFailureOf } from '../payments/payment-failure-of.ts'

/**
 * A sweep begins with nothing more of a kind once it has been at it for this long, for Stripe and handlers may be slow: what
 * is left is due in the next one.
 */
const longestOfKind: Milliseconds = 10 * second

/**
 * Does something about one customer after the other, and answers how often it did, until it has been at it for long enough. What
 * cannot be done for one keeps nobody else from it: the log tells, and `putOff` says what to write so that others go first.
 */
export async function doEach<Item extends { readonly customer: string }>(
  { clock, logger, records }: Context,
  what: string,
  items: Iterable<Item>,
  work: (item: Item) => Promise<boolean>,
  putOff?: (item: Item, now: Instant) => RecordWrite,
): Promise<number> {
  const end = clock.now() + longestOfKind
  let done = 0
  for (const item of items) {
    if (clock.now() >= end) break
    const { customer } = item
    try {
      if (await work(item)) done += 1
    } catch (error) {
      logger.warn(`${what} will be tried again`, { customer, failure: failureCode(error), ...paymentFailureOf(error).log })
      try {
        if (putOff !== undefined) await records.commit(customer, [putOff(item, clock.now())])
      } catch {
        // Where the store takes nothing it stays as it is.
      }
    }
  }
  return done
}
