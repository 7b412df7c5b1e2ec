import { type Instant, minute } from '../../domain/instant.ts'
import type { RecordEntry } from '../../ports/record-store.ts'
import { Generations } from '../customers/customer-cache.ts'
import type { LoadedCustomer } from '../customers/load-customer.ts'
import { perContext } from '../per-context.ts'
import { type Delivery, isLate } from './coalesce-convergence.ts'

/** Everything that a convergence looks at, of one moment. */
export interface StoredState extends LoadedCustomer {
  readonly trials: readonly RecordEntry<'trials'>[]
  readonly outbox: readonly RecordEntry<'outbox'>[]
  readonly inbox: ReadonlyMap<string, RecordEntry<'inbox'>>
}

/** As it was at `at`, by the process's own clock. */
interface RememberedState extends StoredState {
  readonly at: Instant
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
export interface LastCommits {
  /**
   * How a customer stands, as far as this process can tell at `at`, its own clock; `undefined` where it has to be asked for, as it is
   * where one of the deliveries may have been seen before, here or elsewhere.
   */
  find(customer: string, deliveries: readonly Delivery[], at: Instant): StoredState | undefined
  put(customer: string, last: RememberedState): void
  /** It is not known how the customer stands. */
  delete(customer: string): void
  /** A guess was wrong. */
  distrust(at: Instant): void
}

/** Those of one context. */
export const lastCommitsOf: (context: object) => LastCommits = perContext(() => {
  const commits = new Generations<string, RememberedState>(most)
  const events = new Generations<string, true>(most)
  let wrongAt: Instant = -trusted

  return {
    find(customer, deliveries, at) {
      const known = commits.find(customer)
      // By the store's clock, as it was told then.
      const last = known && { ...known, now: known.now + at - known.at }
      let isFresh = last !== undefined && isRecent(last.at, at) && !isRecent(wrongAt, at)
      for (const delivery of deliveries) {
        const { event, paymentCustomer } = delivery
        isFresh &&= !events.find(event) && !isLate(delivery, last?.now ?? at) && paymentCustomer === last?.row?.value.paymentCustomer
        events.put(event, true)
      }
      return isFresh ? last : undefined
    },
    put: (customer, last) => commits.put(customer, last),
    delete: (customer) => commits.delete(customer),
    distrust(at) {
      wrongAt = at
    },
  }
})

/** A clock that was set back says nothing. */
function isRecent(then: Instant, now: Instant): boolean {
  return now >= then && now - then < trusted
}
