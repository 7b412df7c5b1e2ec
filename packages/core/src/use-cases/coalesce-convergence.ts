import type { CustomerRecords } from '../domain/entitlement.ts'
import { mayShare } from '../ports/may-share.ts'

/** A claim on an inbox row, to be marked done in the very commit that applies what it tells of. */
export interface ClaimedDelivery {
  readonly event: string
  /** The revision of the claimed row: whoever took it over has raised it, and then nothing is written. */
  readonly revision: number
}

/** What a convergence made of one customer. */
export interface Convergence {
  /**
   * - `applied`: what Stripe says is stored.
   * - `superseded`: a read that began later was stored first; nothing was written over it.
   * - `unlinked`: the customer has no counterpart in Stripe, so there is nothing to read.
   */
  readonly kind: 'applied' | 'superseded' | 'unlinked'
  readonly records: CustomerRecords
  /** Events whose claim had been taken over: someone else answers for them. */
  readonly lost: readonly string[]
}

/** Reads and stores one customer, on behalf of every delivery that it is given. */
export type RunConvergence = (deliveries: readonly ClaimedDelivery[]) => Promise<Convergence>

/**
 * The convergences of this process. Per customer one run is under way, and at most one waits, which everybody who comes
 * later shares: it begins after they came, so it covers them. A burst of deliveries is two reads. Where requests may not
 * wait for each other, each runs its own: what orders those of several processes orders these too.
 */
export interface Convergences {
  join(customer: string, delivery: ClaimedDelivery | null, run: RunConvergence): Promise<Convergence>
  /** Those who ask for the same thing (`key`) while it is being done get the same answer. */
  share<Result>(key: string, run: () => Promise<Result>): Promise<Result>
}

interface Waiting {
  readonly deliveries: ClaimedDelivery[]
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

  async function begin(customer: string, deliveries: readonly ClaimedDelivery[], run: RunConvergence): Promise<Convergence> {
    const outcome = run(deliveries)
    const ended = outcome.then(() => undefined, () => undefined)
    underWay.set(customer, ended)
    try {
      return await outcome
    } finally {
      if (underWay.get(customer) === ended) underWay.delete(customer)
    }
  }

  async function beginAfter(
    customer: string,
    current: Promise<unknown>,
    deliveries: readonly ClaimedDelivery[],
    run: RunConvergence,
  ): Promise<Convergence> {
    await current
    waiting.delete(customer)
    return begin(customer, deliveries, run)
  }

  return {
    join(customer, delivery, run) {
      const own = delivery === null ? [] : [delivery]
      if (!mayWait) return run(own)
      const next = waiting.get(customer)
      if (next !== undefined) {
        next.deliveries.push(...own)
        return next.outcome
      }
      const current = underWay.get(customer)
      if (current === undefined) return begin(customer, own, run)
      const deliveries = [...own]
      const outcome = beginAfter(customer, current, deliveries, run)
      waiting.set(customer, { deliveries, outcome })
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

const convergences = new WeakMap<object, Convergences>()

/** Those of one context, which keep nothing of it alive. */
export function convergencesOf(context: object): Convergences {
  const known = convergences.get(context)
  if (known !== undefined) return known
  const created = createConvergences()
  convergences.set(context, created)
  return created
}
