import { expect, test } from 'vitest'
import { allowance } from '../../domain/allowance.ts'
import { defineCatalog } from '../../domain/define-catalog.ts'
import type { EntitlingRecords } from '../../domain/entitlement.ts'
import { metered } from '../../domain/feature.ts'
import type { PlanClaims } from '../../domain/plan-claims.ts'
import type { DirectUsage, UsagePlace } from '../../ports/usage-store.ts'
import { type Evidence, type Question, createQuestions } from './question.ts'
import { createQuestionNotes } from './question-notes.ts'

const now = Date.UTC(2026, 0, 31, 12)
const feature = 'apiCalls'
const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: { name: 'Pro', contactSales: true, features: { apiCalls: allowance(500).per('month') } },
  },
})
const questions = createQuestions(catalog)

/** A store that has seen everybody, and gives these numbers away. */
function storeOf(numbers: readonly number[]) {
  const places = new Map<string, UsagePlace>()
  const left = [...numbers]
  const direct: DirectUsage = {
    used: 0,
    reserved: 0,
    keyUntil: null,
    find(customer) {
      const place = places.get(customer) ?? { note: -1 }
      places.set(customer, place)
      return place
    },
    nextNote: () => left.shift() ?? -1,
    count: () => 'unanswered',
    consume: () => undefined,
  }
  return direct
}

function recordsOf(changes: Partial<EntitlingRecords> = {}): Evidence {
  return { by: 'records', loaded: true, records: { version: 1, createdAt: now - 1000, subscriptions: [], grants: [], overrides: [], ...changes } }
}

function claimsOf(changes: Partial<PlanClaims> = {}): PlanClaims {
  return { plan: 'free', ev: 1, anchor: now / 1000 - 1, until: null, g: false, ...changes }
}

function ask(evidence: Evidence): Question {
  const question = questions.ask(evidence, feature, catalog.features.apiCalls, now)
  if (question === undefined) throw new Error('The evidence gives no answer')
  return question
}

/** Writes notes of customers in turn, and finds what each of them is answered. */
function noted(numbers: readonly number[], evidence: Readonly<Record<string, Evidence>>) {
  const direct = storeOf(numbers)
  const notes = createQuestionNotes()
  for (const [customer, known] of Object.entries(evidence)) notes.write(direct, customer, known, ask(known))
  return (customer: string, claims: PlanClaims | null = null) => {
    const place = direct.find(customer)
    return place && notes.find(place, feature, claims)
  }
}

test('customers of whom the same is known share a note, which no one takes who differs', () => {
  const grant = { id: 'g', feature, amount: 5, priority: 50, effectiveAt: 0, expiresAt: null, createdAt: 0, voidedAt: null }
  const find = noted([0, 1, 2, 3, 4], {
    ann: recordsOf(), bob: recordsOf(), cid: recordsOf({ version: 2 }), dot: recordsOf({ grants: [grant] }), eve: recordsOf({ createdAt: now - 5000 }),
  })
  expect(find('bob')).toBe(find('ann'))
  expect(find('ann')).toMatchObject({ freshness: { version: 1, loaded: false } })
  expect(find('cid')).toMatchObject({ freshness: { version: 2 } })
  expect(find('dot')?.buckets.map(({ kind }) => kind)).toContain('grant')
  expect(find('eve')?.period.start).toBe(now - 5000)
})

test('a plain customer is not given the note of one with grants who began at the same time', () => {
  const grant = { id: 'g', feature, amount: 5, priority: 50, effectiveAt: 0, expiresAt: null, createdAt: 0, voidedAt: null }
  const find = noted([0, 1], { dot: recordsOf({ grants: [grant] }), ann: recordsOf() })
  expect(find('ann')?.buckets.map(({ kind }) => kind)).not.toContain('grant')
})

test('a note whose room another one has taken is not found any more', () => {
  const find = noted([0, 16_384], { ann: recordsOf(), eve: recordsOf({ createdAt: now - 5000 }) })
  expect(find('eve')).toBeDefined()
  expect(find('ann')).toBeUndefined()
})

test.each<[string, Partial<PlanClaims>]>([
  ['of another version', { ev: 2 }],
  ['of another plan', { plan: 'pro' }],
  ['of another anchor', { anchor: 5 }],
  ['of another end', { until: now }],
  ['with extras', { g: true }],
])('claims %s are not answered with the note of the first', (_, changes) => {
  const find = noted([0], { ann: { by: 'claims', claims: claimsOf() } })
  expect(find('ann', claimsOf())).toBeDefined()
  expect(find('ann', claimsOf(changes))).toBeUndefined()
  expect(find('ann')).toBeUndefined()
})

test('customers whose claims say the same share a note, which is not found by claims that were changed since', () => {
  const changed = { ...claimsOf() }
  const find = noted([0, 1], { ann: { by: 'claims', claims: changed }, bob: { by: 'claims', claims: claimsOf() } })
  expect(find('bob', claimsOf())).toBe(find('ann', claimsOf()))
  changed.plan = 'pro'
  expect(find('ann', changed)).toBeUndefined()
  expect(find('bob', claimsOf())?.frame.plan).toBe('free')
})

test('what follows from claims that were changed since is told to nobody whose claims still say what they said', () => {
  const changed = { ...claimsOf() }
  const direct = storeOf([0, 1])
  const notes = createQuestionNotes()
  const write = (customer: string, claims: PlanClaims, name = feature): void => {
    const evidence: Evidence = { by: 'claims', claims }
    const question = createQuestions(catalog).ask(evidence, feature, catalog.features.apiCalls, now)
    if (question !== undefined) notes.write(direct, customer, evidence, { ...question, feature: name })
  }
  write('ann', changed)
  write('bob', claimsOf())
  changed.plan = 'pro'
  write('ann', changed, 'tokens')
  const bob = direct.find('bob')
  expect(bob && notes.find(bob, feature, claimsOf())?.frame.plan).toBe('free')
  expect(bob && notes.find(bob, 'tokens', claimsOf())).toBeUndefined()
})

test.each<[string, Partial<PlanClaims>]>([
  ['plan', { plan: 'pro' }],
  ['version', { ev: 2 }],
  ['anchor', { anchor: now / 1000 - 7200 }],
  ['end', { until: now / 1000 + 60 }],
])('claims of two customers that differ in their %s do not share a note', (_what, changes) => {
  const [one, other] = [claimsOf(), claimsOf(changes)]
  const find = noted([0, 1], { ann: { by: 'claims', claims: one }, bob: { by: 'claims', claims: other } })
  expect(find('ann', one)).toEqual(ask({ by: 'claims', claims: claimsOf() }))
  expect(find('bob', other)).toEqual(ask({ by: 'claims', claims: claimsOf(changes) }))
  expect(find('ann', other)).toBeUndefined()
  expect(find('bob', one)).toBeUndefined()
})
