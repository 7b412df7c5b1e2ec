import { type Bucket, allotmentOf } from '../../domain/bucket.ts'
import type { Catalog } from '../../domain/catalog.ts'
import type { Decision, Draw, RefusalReason } from '../../domain/decision.ts'
import { type Entitlements, type EntitlingRecords, entitlementOf, entitlementsAt } from '../../domain/entitlement.ts'
import type { MeteredFeature } from '../../domain/feature.ts'
import type { Gate } from '../../domain/gate.ts'
import { type Instant, isWithin, overlap, second } from '../../domain/instant.ts'
import type { UsagePeriod } from '../../domain/period.ts'
import { type PlanClaims, entitlementsFromClaims } from '../../domain/plan-claims.ts'
import { plansWith } from '../../domain/plans-with.ts'
import type { Freshness, PlainTake } from '../../ports/usage-store.ts'

/** Everything the usage store is asked about one metered feature of one customer. Holds in its freshness' interval. */
export interface Question {
  readonly feature: string
  readonly entitlements: Entitlements
  readonly definition: MeteredFeature
  readonly period: UsagePeriod
  readonly buckets: readonly Bucket[]
  readonly gates: readonly Gate[]
  readonly freshness: Freshness
  /** What every decision about it says alike. */
  readonly frame: DecisionFrame
  /** The same, where there is one bucket and no gate; `null` elsewhere. */
  readonly plain: PlainQuestion | null
}

export interface PlainQuestion extends PlainTake {
  /** What a consumption of one draws, told again and again. */
  readonly drawOfOne: readonly Draw[]
}

/** The part of a decision that does not depend on counters. */
export interface DecisionFrame extends Pick<Decision, 'window' | 'plan' | 'requiredPlans' | 'graceEndedAt'> {
  /** Why nothing can be drawn, when nothing can. */
  readonly emptyReason: RefusalReason
}

/** Where an answer about a customer comes from: claims of a verified token, or records. */
export type Evidence =
  | { readonly by: 'claims'; readonly claims: PlanClaims }
  | { readonly by: 'records'; readonly records: EntitlingRecords; readonly loaded: boolean }

/** What `evidence` entitles to at `now`; `undefined` when claims cannot tell. */
export function entitlementsBy(catalog: Catalog, evidence: Evidence, now: Instant): Entitlements | undefined {
  return evidence.by === 'claims'
    ? entitlementsFromClaims(catalog, evidence.claims, now)
    : entitlementsAt(catalog, evidence.records, now)
}

/** Builds questions, and remembers them for as long as the evidence lives and the answer holds. */
export interface Questions {
  ask(evidence: Evidence, feature: string, definition: MeteredFeature, now: Instant): Question | undefined
}

const none: readonly Question[] = []

export function createQuestions(catalog: Catalog): Questions {
  const remembered = new WeakMap<object, readonly Question[]>()

  function build(evidence: Evidence, feature: string, definition: MeteredFeature, now: Instant): Question | undefined {
    const entitlements = entitlementsBy(catalog, evidence, now)
    if (entitlements === undefined) return undefined
    const { buckets, period } = allotmentOf(entitlements, feature, definition, now)
    const gates = entitlements.plan.gates[feature] ?? []
    const freshness: Freshness = {
      ...overlap(entitlements, { validFrom: period.start, validUntil: period.end }),
      version: entitlements.version,
      loaded: evidence.by === 'records' && evidence.loaded,
    }
    const [bucket, ...others] = buckets
    const isPlain = bucket !== undefined && others.length === 0 && gates.length === 0
    const frame = frameOf(catalog, entitlements, feature, period)
    return { feature, entitlements, definition, period, buckets, gates, freshness, frame, plain: isPlain ? plainOf(feature, bucket, freshness) : null }
  }

  return {
    ask(evidence, feature, definition, now) {
      const source = evidence.by === 'claims' ? evidence.claims : evidence.records
      const questions = remembered.get(source) ?? none
      const known = questions.find((item) => item.feature === feature)
      const isLoaded = evidence.by === 'records' && evidence.loaded
      if (known !== undefined && !isLoaded && isWithin(known.freshness, now)) return known
      const question = build(evidence, feature, definition, now)
      if (question === undefined || question.freshness.loaded) return question
      remembered.set(source, [...questions.filter((item) => item !== known), question])
      return question
    },
  }
}

function frameOf(catalog: Catalog, entitlements: Entitlements, feature: string, { start, end }: UsagePeriod): DecisionFrame {
  return {
    window: (end - start) / second,
    plan: entitlements.plan.key,
    requiredPlans: plansWith(catalog, feature),
    graceEndedAt: entitlements.pastDue?.graceEndedAt ?? null,
    emptyReason: emptyReason(entitlements, feature),
  }
}

/** Why an entitlement holds nothing: never had, lost for a debt, or used up. */
function emptyReason(entitlements: Entitlements, feature: string): RefusalReason {
  if (entitlements.pastDue !== null) return 'payment-past-due'
  const { terms, grants } = entitlementOf(entitlements, feature)
  const empty = terms === null || (terms.kind === 'metered' && terms.amount === 0 && terms.overagePrice === null)
  return empty && grants.length === 0 ? 'plan-required' : 'quota-exceeded'
}

function plainOf(feature: string, bucket: Bucket, freshness: Freshness): PlainQuestion {
  const draw = Object.freeze({ bucket: bucket.id, kind: bucket.kind, amount: 1 })
  return { counter: { feature, bucket }, freshness, drawOfOne: Object.freeze([draw]) }
}

/** The question of a later call, which has not loaded the records itself. */
export function askedAgain(question: Question): Question {
  if (!question.freshness.loaded) return question
  const freshness = { ...question.freshness, loaded: false }
  return { ...question, freshness, plain: question.plain && { ...question.plain, freshness } }
}
