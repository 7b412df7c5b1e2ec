import type { Entitlements } from '../../domain/entitlement.ts'
import type { MeteredFeature } from '../../domain/feature.ts'
import { type Instant, type Validity, isWithin } from '../../domain/instant.ts'
import type { PlanClaims } from '../../domain/plan-claims.ts'
import { FareboxError } from '../../errors/error.ts'
import type { UsageQuery, UsageReading } from '../../ports/usage-store.ts'
import type { Context } from '../context.ts'
import { loadCustomer } from '../customers/load-customer.ts'
import { guessBy } from './guess-by.ts'
import { type Evidence, type Question, entitlementsBy } from './question.ts'

/** Something that holds in an interval, and what to read along with it. */
export interface Inquiry<Answer> {
  readonly answer: Answer
  readonly holds: Validity
  readonly queries: readonly UsageQuery[]
}

/** An answer of the present, and the counters that were read with it. */
export interface Current<Answer> {
  readonly answer: Answer
  readonly readings: readonly UsageReading[]
  readonly now: Instant
}

type Infer<Answer> = (evidence: Evidence, now: Instant) => (Inquiry<Answer> & { readonly holds: { readonly version: number } }) | undefined

/**
 * What a customer is entitled to right now, without counting anything. What is known is used if the customer's marker
 * says that it still holds; otherwise the records are read. The usage store's clock decides what is now.
 */
export async function currentEntitlements(
  context: Context,
  customer: string,
  planClaims: PlanClaims | null,
): Promise<Entitlements> {
  const { answer } = await confirm(context, customer, planClaims, (evidence, now) => {
    const entitlements = entitlementsBy(context.catalog, evidence, now)
    // Nothing to count: the reading is for the marker alone.
    return entitlements && { answer: entitlements, holds: entitlements, queries: [{ customer, feature: '', buckets: [], gates: [] }] }
  })
  return answer
}

/** As {@link currentEntitlements}: what a consumption would ask the usage store now, and the counters it would meet. */
export async function currentQuestion(
  context: Context,
  customer: string,
  planClaims: PlanClaims | null,
  feature: string,
  definition: MeteredFeature,
): Promise<{ readonly question: Question; readonly reading: UsageReading }> {
  const { answer, readings } = await confirm(context, customer, planClaims, (evidence, now) => {
    const question = context.questions.ask(evidence, feature, definition, now)
    return question && { answer: question, holds: question.freshness, queries: [queryOf(customer, question)] }
  })
  const [reading] = readings
  if (reading === undefined) throw new FareboxError('unavailable', 'The usage store left a question without an answer')
  return { question: answer, reading }
}

/** What to read of the usage store so that a question's counters are told. */
export function queryOf(customer: string, { feature, buckets, gates }: Question): UsageQuery {
  return { customer, feature, buckets: buckets.map((bucket) => bucket.id), gates }
}

/**
 * Reads the counters that belong to an answer. The usage store's clock decides: where it says that another instant is
 * now, at which the answer does not hold, the answer of that instant is read.
 */
export async function readCurrent<Answer>(
  context: Context,
  now: Instant,
  inquire: (now: Instant) => Inquiry<Answer>,
): Promise<Current<Answer>> {
  const { answer, holds, queries } = inquire(now)
  const readings = await context.usage.read(queries)
  const present = readings[0]?.now ?? now
  if (isWithin(holds, present)) return { answer, readings, now: present }
  const again = inquire(present)
  return { answer: again.answer, readings: await context.usage.read(again.queries), now: present }
}

/** The answer that is known, if a reading shows that it still holds; else what the records say. */
async function confirm<Answer>(
  context: Context,
  customer: string,
  planClaims: PlanClaims | null,
  infer: Infer<Answer>,
): Promise<Current<Answer>> {
  const guess = guessBy(context, customer, planClaims, (evidence) => infer(evidence, context.clock.now()))
  if (guess !== undefined) {
    const { answer, holds, queries } = guess
    const readings = await context.usage.read(queries)
    const [first] = readings
    const isKnown = first !== undefined && first.marker === holds.version
    if (isKnown && isWithin(holds, first.now)) return { answer, readings, now: first.now }
  }
  const { records, row, now } = await loadCustomer(context, customer)
  if (row !== undefined) {
    await context.usage.raiseVersion(customer, records.version)
    context.cache.put(records)
  }
  return readCurrent(context, now, (instant) => {
    const inquiry = infer({ by: 'records', records, loaded: true }, instant)
    if (inquiry === undefined) throw new FareboxError('unavailable', 'The records gave no answer')
    return inquiry
  })
}
