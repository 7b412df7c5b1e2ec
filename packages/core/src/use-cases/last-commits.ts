import { type Instant, minute } from '../domain/instant.ts'
import type { RecordEntry } from '../ports/record-store.ts'
import type { Delivery } from './coalesce-convergence.ts'
import { Generations } from './customer-cache.ts'
import type { LoadedCustomer } from './customers.ts'
import { isLate } from './inbox.ts'
import { perContext } from './per-context.ts'

/** A customer as a convergence of this process has committed it, with nothing in the outbox. */
export interface LastCommit extends LoadedCustomer {
  readonly row: RecordEntry<'customers'>
  readonly trials: readonly RecordEntry<'trials'>[]
}

/** So long a customer is taken to be as it was committed, and so long nobody is once somebody else has written meanwhile. */
const trusted = minute

/** So many customers are remembered at least, and so many events, and at most twice as many. */
const most = 10_000

/**
 * What the convergences of this process have committed last: a guess that spares the question how a customer stands. Whoever begins
 * with it expects every row to be as it was left, so that nothing is written where it is wrong. Then another process has a hand in
 * this, and a reading of Stripe was made in vain, so that for a minute everybody asks first.
 */
export class LastCommits {
  private readonly commits = new Generations<string, { readonly last: LastCommit; readonly at: Instant }>(most)
  private readonly events = new Generations<string, true>(most)
  private wrongAt: Instant = -trusted

  /**
   * How a customer stands, as far as this process can tell at `at`, its own clock; `undefined` where it has to be asked for, as it is
   * where one of the deliveries may have been seen before, here or elsewhere. `now` is the store's clock.
   */
  find(customer: string, deliveries: readonly Delivery[], at: Instant): LastCommit | undefined {
    const isFirst = deliveries.every(({ event }) => this.events.find(event) === undefined)
    for (const { event } of deliveries) this.events.put(event, true)
    const known = this.commits.find(customer)
    if (!isFirst || known === undefined || !isRecent(known.at, at) || isRecent(this.wrongAt, at)) return undefined
    const last = { ...known.last, now: known.last.now + at - known.at }
    const { paymentCustomer: linked } = last.row.value
    const areItsOwn = deliveries.every((delivery) => {
      const { isReplay, paymentCustomer } = delivery
      return !isReplay && !isLate(delivery, last.now) && (paymentCustomer === null || paymentCustomer === linked)
    })
    return areItsOwn ? last : undefined
  }

  /** `undefined` where it is not known how the customer stands. */
  put(customer: string, last: LastCommit | undefined, at: Instant): void {
    if (last === undefined) this.commits.delete(customer)
    else this.commits.put(customer, { last, at })
  }

  /** A guess was wrong. */
  distrust(at: Instant): void {
    this.wrongAt = at
  }
}

/** A clock that was set back says nothing. */
function isRecent(then: Instant, now: Instant): boolean {
  return now >= then && now - then < trusted
}

/** Those of one context. */
export const lastCommitsOf: (context: object) => LastCommits = perContext(() => new LastCommits())
