import type { CustomerRecords } from '../../domain/entitlement.ts'
import { type Instant, minute } from '../../domain/instant.ts'
import { mayShare } from '../../ports/may-share.ts'
import { perContext } from '../per-context.ts'

/** An event that was received, to be marked as done in the very commit that applies what it tells of. */
export interface Delivery {
  readonly event: string
  readonly type: string
  /** Whom it is about, in Stripe; `null` where that was found out before. */
  readonly paymentCustomer: string | null
  /** Whether an event that was put aside is tried once more. */
  readonly isReplay: boolean
  /** When it happened, as Stripe tells; `null` where it does not. A replay has been looked at before. */
  readonly createdAt: Instant | null
  /** What is to be read besides the subscriptions. */
  readonly reads?: 'purchases' | 'reversals'
}

/** Stripe sends an event within seconds, so that what comes later may have been sent before. */
const promptly = minute

/** Whether it may be that Stripe has sent an event before. */
export function isLate({ createdAt }: Pick<Delivery, 'createdAt'>, now: Instant): boolean {
  return createdAt === null || now - createdAt > promptly
}

/**
 * What became of a delivery: done just now, or before (`duplicate`), or put aside before. `stranger`: it is about another of
 * Stripe's customers than the one that is linked to this customer. `unended`: as many workers as may have begun with it, and
 * none of them was heard of again.
 */
export type Settlement =
  | { readonly kind: 'applied' | 'superseded' | 'ignored' | 'duplicate' }
  | { readonly kind: 'stranger' }
  | { readonly kind: 'unended' }
  | { readonly kind: 'parked'; readonly failure: string }

/** What a convergence made of one customer. */
export interface Convergence {
  /**
   * - `applied`: what Stripe says is stored.
   * - `superseded`: a read that began later was stored first, or nothing was left to be done.
   * - `unlinked`: the customer has no counterpart in Stripe, so there is nothing to read.
   */
  readonly kind: 'applied' | 'superseded' | 'unlinked'
  readonly records: CustomerRecords
  /** Of every delivery, by event. */
  readonly settled: ReadonlyMap<string, Settlement>
  /** Whether something waits in the customer's outbox. */
  readonly isPending: boolean
}

/** Reads and stores one customer, on behalf of every delivery that it is given, and of others where something is `asked`. */
export type RunConvergence = (deliveries: readonly Delivery[], asked: Asked) => Promise<Convergence>

/** What is asked for beside the deliveries: nothing, the subscriptions, what was bought once lately as well, or all that ever was. */
export type Asked = 'nothing' | 'subscriptions' | 'purchases' | 'everything'

/**
 * The convergences of this process. Per customer one run is under way, and at most one waits, which everybody who comes
 * later shares: it begins after they came, so it covers them. A burst of deliveries is two reads. Where requests may not
 * wait for each other, each runs its own: what orders those of several processes orders these too.
 */
export interface Convergences {
  join(customer: string, wanted: Delivery | Exclude<Asked, 'nothing'>, run: RunConvergence): Promise<Convergence>
  /** Those who ask for the same thing (`key`) while it is being done get the same answer. */
  share<Result>(key: string, run: () => Promise<Result>): Promise<Result>
}

interface Waiting {
  readonly deliveries: Delivery[]
  asked: Asked
  readonly outcome: Promise<Convergence>
}

/** Options of {@link createConvergences}. */
export interface ConvergencesOptions {
  /** Whether requests may wait for each other's; not on Workers, unless said otherwise. */
  readonly shared?: boolean
}

export function createConvergences({ shared: mayWait = mayShare }: ConvergencesOptions = {}): Convergences {
  const underWay = new Map<string, Promise<unknown>>()
  const waiting = new Map<string, Waiting>()
  const shared = new Map<string, Promise<unknown>>()

  async function begin(customer: string, outcome: Promise<Convergence>): Promise<Convergence> {
    const ended = outcome.then(() => undefined, () => undefined)
    underWay.set(customer, ended)
    try {
      return await outcome
    } finally {
      if (underWay.get(customer) === ended) underWay.delete(customer)
    }
  }

  async function beginAfter(customer: string, current: Promise<unknown>, run: RunConvergence): Promise<Convergence> {
    await current
    const { deliveries, asked } = waiting.get(customer) ?? { deliveries: [], asked: 'subscriptions' as const }
    waiting.delete(customer)
    return begin(customer, run(deliveries, asked))
  }

  return {
    join(customer, wanted, run) {
      const own = typeof wanted === 'string' ? [] : [wanted]
      const asked = typeof wanted === 'string' ? wanted : 'nothing'
      if (!mayWait) return run(own, asked)
      const next = waiting.get(customer)
      if (next !== undefined) {
        next.deliveries.push(...own)
        next.asked = more(next.asked, asked)
        return next.outcome
      }
      const current = underWay.get(customer)
      if (current === undefined) return begin(customer, run(own, asked))
      const outcome = beginAfter(customer, current, run)
      waiting.set(customer, { deliveries: own, asked, outcome })
      return outcome
    },
    share<Result>(key: string, run: () => Promise<Result>) {
      if (!mayWait) return run()
      // A key stands for one kind of work, so what is shared under it is of that kind.
      const known = shared.get(key) as Promise<Result> | undefined
      if (known !== undefined) return known
      const outcome = run().finally(() => shared.delete(key))
      shared.set(key, outcome)
      return outcome
    },
  }
}

function more(one: Asked, other: Asked): Asked {
  const order = ['nothing', 'subscriptions', 'purchases', 'everything'] as const
  return order[Math.max(order.indexOf(one), order.indexOf(other))] ?? 'everything'
}

/** Those of one context. */
export const convergencesOf: (context: object) => Convergences = perContext(() => createConvergences())
