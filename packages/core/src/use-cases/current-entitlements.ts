import type { Entitlements } from '../domain/entitlement.ts'
import { entitlementsAt } from '../domain/entitlement.ts'
import type { Instant } from '../domain/instant.ts'
import type { PlanClaims } from '../domain/plan-claims.ts'
import type { UsageQuery, UsageReading } from '../ports/usage-store.ts'
import type { Context } from './context.ts'
import { loadCustomer } from './customers.ts'
import { type Evidence, entitlementsBy } from './question.ts'

/** Entitlements that are no older than the customer's marker, and counters read with them. */
export interface Current {
  readonly entitlements: Entitlements
  readonly readings: readonly UsageReading[]
  readonly now: Instant
}

/** The counters to read, given what a customer is entitled to. The first query also tells the marker. */
export type QueriesOf = (entitlements: Entitlements, now: Instant) => readonly UsageQuery[]

/**
 * What a customer is entitled to right now, and its counters, without counting anything. What is known is used if the
 * customer's marker says that it still holds; otherwise the records are read.
 */
export async function currentEntitlements(
  context: Context,
  customer: string,
  planClaims: PlanClaims | null,
  queriesOf: QueriesOf,
): Promise<Current> {
  const known = await fromEvidence(context, customer, planClaims, queriesOf)
  if (known !== undefined) return known
  const { records, row, now } = await loadCustomer(context, customer)
  const entitlements = entitlementsAt(context.catalog, records, now)
  const readings = await context.usage.read(queriesOf(entitlements, now))
  if (row !== undefined) {
    await context.usage.raiseVersion(customer, records.version)
    context.cache.put(records)
  }
  return { entitlements, readings, now }
}

async function fromEvidence(
  context: Context,
  customer: string,
  claims: PlanClaims | null,
  queriesOf: QueriesOf,
): Promise<Current | undefined> {
  const records = context.cache.find(customer)
  const evidence: Evidence | undefined =
    claims !== null && !claims.g
      ? { by: 'claims', customer, claims }
      : records && { by: 'records', records, loaded: false }
  const guess = evidence && entitlementsBy(context.catalog, evidence, context.clock.now())
  if (guess === undefined) return undefined
  const readings = await context.usage.read(queriesOf(guess, context.clock.now()))
  const [first] = readings
  if (first === undefined || first.marker === null || guess.version < first.marker) return undefined
  const holds = guess.validFrom <= first.now && (guess.validUntil === null || first.now < guess.validUntil)
  return holds ? { entitlements: guess, readings, now: first.now } : undefined
}
