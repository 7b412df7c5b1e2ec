import { FareboxError, isFareboxError } from '../../errors/error.ts'
import type { Clock } from '../../ports/clock.ts'
import type { UsageOutcome, UsageReading, UsageStore } from '../../ports/usage-store.ts'
import { addSweeps } from '../../storage/add-sweeps.ts'
import { checkMarker, checkOperation } from '../../storage/counting/check-operation.ts'
import { escapeName } from '../../storage/rows/names.ts'
import type { UsageNamespace } from './usage-namespace.ts'
import type { UsageAnswers, UsageMessage, UsageQuestion } from './usage-question.ts'

/** How many customers' objects one store remembers to sweep. */
const mostRemembered = 1000

/** How many objects one sweep asks: a request of a Worker may ask 50 at most on Cloudflare's free plan. */
const mostSwept = 40

/** Never resolved: a binding takes every request, whatever its host. */
const address = 'https://usage.invalid/'

/** Where the items about one customer stood in the call. */
interface Share<Item> {
  readonly customer: string
  readonly items: Item[]
  readonly places: number[]
}

/** Asks each customer's object, those of one call at the same time. */
export function createUsageStore(namespace: UsageNamespace, clock: Clock | undefined): UsageStore {
  /** Customers whose objects were written to since they were last swept, the oldest first. */
  const written = new Set<string>()

  async function ask<Question extends UsageQuestion>(customer: string, question: Question): Promise<UsageAnswers[Question['verb']]> {
    const message: UsageMessage = { customer, now: clock?.now() ?? null, question }
    let answer: unknown
    try {
      // A stub that has failed once stays broken, so each call makes its own; that costs no request. Halves of characters
      // are escaped, for names travel as UTF-8, in which all halves are one.
      const stub = namespace.get(namespace.idFromName(escapeName(customer)))
      const response = await stub.fetch(address, { method: 'POST', body: JSON.stringify(message) })
      answer = response.ok ? await response.json() : undefined
    } catch (cause) {
      throw unavailable(cause)
    }
    if (answer === undefined) throw unavailable(undefined)
    // The object is this package's own class, which answers a verb with its own answer.
    return answer as UsageAnswers[Question['verb']]
  }

  function remember(customer: string): void {
    written.delete(customer)
    written.add(customer)
    if (written.size <= mostRemembered) return
    for (const oldest of written) {
      written.delete(oldest)
      return
    }
  }

  return {
    label: 'linearizable',
    async execute(operations) {
      for (const operation of operations) checkOperation(operation)
      const shares = shareOut(operations)
      for (const { customer } of shares) remember(customer)
      const answers = await Promise.allSettled(
        shares.map(async ({ customer, items }) => ask(customer, { verb: 'execute', operations: items })),
      )
      const outcomes = operations.map((): UsageOutcome => ({ kind: 'failed', error: unavailable(undefined) }))
      for (const [index, answer] of answers.entries()) {
        for (const [item, place] of (shares[index]?.places ?? []).entries()) {
          const outcome = answer.status === 'fulfilled' ? answer.value[item] : failed(answer.reason)
          if (outcome !== undefined) outcomes[place] = outcome
        }
      }
      const [first] = outcomes
      if (first?.kind === 'failed' && outcomes.every((outcome) => outcome.kind === 'failed')) throw first.error
      return outcomes
    },
    async read(queries) {
      const readings: UsageReading[] = []
      await Promise.all(
        shareOut(queries).map(async ({ customer, items, places }) => {
          const answer = await ask(customer, { verb: 'read', queries: items })
          for (const [item, place] of places.entries()) {
            const reading = answer[item]
            if (reading === undefined) throw unavailable(undefined)
            readings[place] = reading
          }
        }),
      )
      return readings
    },
    history: async ({ customer, feature, from, to }) => ask(customer, { verb: 'history', feature, from, to }),
    async raiseVersion(customer, version) {
      checkMarker(customer, version)
      remember(customer)
      await ask(customer, { verb: 'raiseVersion', version })
    },
    async sweep() {
      const customers = [...written].slice(0, mostSwept)
      // Their turn is over, also of those that fail: others wait behind them.
      for (const customer of customers) written.delete(customer)
      const answers = await Promise.allSettled(customers.map(async (customer) => ask(customer, { verb: 'sweep' })))
      const sweeps = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
      const [first] = answers
      if (first?.status === 'rejected' && sweeps.length === 0) throw first.reason
      return addSweeps(sweeps)
    },
    async forget(customer) {
      await ask(customer, { verb: 'forget' })
      written.delete(customer)
    },
  }
}

/** The items of a call by customer, each with its place. */
function shareOut<Item extends { readonly customer: string }>(items: readonly Item[]): readonly Share<Item>[] {
  const shares = new Map<string, Share<Item>>()
  for (const [place, item] of items.entries()) {
    let share = shares.get(item.customer)
    if (share === undefined) {
      share = { customer: item.customer, items: [], places: [] }
      shares.set(item.customer, share)
    }
    share.items.push(item)
    share.places.push(place)
  }
  return [...shares.values()]
}

function failed(error: unknown): UsageOutcome {
  return { kind: 'failed', error: isFareboxError(error) ? error : unavailable(error) }
}

function unavailable(cause: unknown): FareboxError {
  return new FareboxError('unavailable', "The customer's object did not answer", { cause })
}
