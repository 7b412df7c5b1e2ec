import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryInstant, arbitraryRecords, exampleCatalog, present } from '../../test/arbitrary-records.ts'
import { type CustomerRecords, type Entitlements, entitlementOf, entitlementsAt } from './entitlement.ts'
import { day } from './instant.ts'
import { type SubscriptionStatus, defaultLifecycle, subscriptionStatuses } from './lifecycle.ts'
import { type Subscription, accessOf } from './subscription.ts'

const active: Subscription = {
  id: 'sub_1', ours: true, plan: 'pro', price: 'price_1', interval: 'month', quantity: 1, status: 'active', startedAt: present - 10 * day,
  billingAnchor: present - 10 * day, currentPeriodStart: present - 10 * day, currentPeriodEnd: present + 20 * day, trialEnd: null,
  cancelAt: null, endedAt: null, pastDueSince: null,
  currency: 'usd', pendingChange: null, paused: null, payment: null, card: null, endReason: null,
}

function recordsOf(records: Partial<CustomerRecords>): CustomerRecords {
  return { customer: 'user_1', version: 7, createdAt: present - 100 * day, subscriptions: [], grants: [], overrides: [], ...records }
}

function entitlementsOf(subscription: Partial<Subscription>, now = present): Entitlements {
  return entitlementsAt(exampleCatalog, recordsOf({ subscriptions: [{ ...active, ...subscription }] }), now)
}

/** What is decided, apart from the interval in which it holds. */
function decidedBy({ plan, source, status, subscription, billingAnchor, grants, pastDue }: Entitlements): object {
  const ids = grants.map(({ id }) => id).toSorted()
  return { plan: plan.key, source, status, subscription: subscription?.id, billingAnchor, grants: ids, pastDue }
}

describe('the interval in which an answer holds', () => {
  it('is half-open, holds the asked instant, and the answer is the same throughout', () => {
    fc.assert(fc.property(arbitraryRecords, arbitraryInstant, arbitraryInstant, (records, now, other) => {
      const answer = entitlementsAt(exampleCatalog, records, now)
      const end = answer.validUntil ?? Number.POSITIVE_INFINITY
      expect(answer.validFrom).toBeLessThanOrEqual(now)
      expect(now).toBeLessThan(end)
      for (const instant of [answer.validFrom, Math.min(end - 1, present + 100 * day), other]) {
        if (instant < answer.validFrom || instant >= end) continue
        expect(decidedBy(entitlementsAt(exampleCatalog, records, instant))).toEqual(decidedBy(answer))
      }
    }), { numRuns: 1000 })
  })

  it.each<[string, Partial<CustomerRecords>]>([
    ['a cancellation', { subscriptions: [{ ...active, cancelAt: present }] }],
    ['the end of grace', { subscriptions: [{ ...active, status: 'past_due', pastDueSince: present - 7 * day }] }],
    ['the end of a trial', { subscriptions: [{ ...active, status: 'trialing', trialEnd: present }] }],
    ['the end of an override', { overrides: [{ id: 'o', plan: 'pro', effectiveAt: 0, until: present, createdAt: 0, voidedAt: null }] }],
    ['the start of an override', { overrides: [{ id: 'o', plan: 'pro', effectiveAt: present, until: null, createdAt: 0, voidedAt: null }] }],
    ['the end of a grant', { grants: [grant(0, present)] }],
    ['the start of a grant', { grants: [grant(present, null)] }],
  ])('is bounded by %s', (_, records) => {
    expect(entitlementsAt(exampleCatalog, recordsOf(records), present - 1).validUntil).toBe(present)
    expect(entitlementsAt(exampleCatalog, recordsOf(records), present)).toMatchObject({ validFrom: present, validUntil: null })
  })

  it('has no end where nothing is going to change', () => {
    expect(entitlementsOf({})).toMatchObject({ validFrom: present - 100 * day, validUntil: null })
  })

  it('holds the present also when the clock is behind the customer', () => {
    const records = recordsOf({ createdAt: present + day })
    expect(entitlementsAt(exampleCatalog, records, present)).toMatchObject({ validFrom: present, validUntil: null })
  })
})

describe('which plan governs', () => {
  it('the default, where there is nothing else', () => {
    expect(decidedBy(entitlementsAt(exampleCatalog, recordsOf({}), present)))
      .toEqual({
        plan: 'free', source: 'default', status: 'none', subscription: undefined, billingAnchor: present - 100 * day, grants: [], pastDue: null,
      })
  })

  it('the highest that gives access, whatever the order of the records', () => {
    const team = { ...active, id: 'sub_2', plan: 'team', startedAt: active.startedAt - day }
    for (const subscriptions of [[active, team], [team, active]]) {
      expect(entitlementsAt(exampleCatalog, recordsOf({ subscriptions }), present)).toMatchObject({ plan: { key: 'team' } })
    }
  })

  it('what is paid, where the same plan is also given', () => {
    const overrides = [{ id: 'o', plan: 'pro', effectiveAt: 0, until: null, createdAt: 0, voidedAt: null }]
    const answer = entitlementsAt(exampleCatalog, recordsOf({ subscriptions: [active], overrides }), present)
    expect(answer).toMatchObject({ source: 'subscription', subscription: { id: 'sub_1' } })
  })

  it.each([null, 'removed', 'constructor', '__proto__'])('never one that the catalog does not have: %s', (plan) => {
    expect(entitlementsOf({ plan })).toMatchObject({ plan: { key: 'free' }, source: 'default' })
  })

  it('the same, whatever the order of the records', () => {
    fc.assert(fc.property(arbitraryRecords, arbitraryInstant, (records, now) => {
      const turned = { ...records, subscriptions: records.subscriptions.toReversed(), grants: records.grants.toReversed() }
      expect(decidedBy(entitlementsAt(exampleCatalog, turned, now))).toEqual(decidedBy(entitlementsAt(exampleCatalog, records, now)))
    }))
  })
})

function billingAnchorOf(records: Partial<CustomerRecords>): number {
  return entitlementsAt(exampleCatalog, recordsOf(records), present).billingAnchor
}

describe('the billing cycle that usage may count from', () => {
  const attempt: Subscription = { ...active, id: 'sub_2', status: 'incomplete', startedAt: present, billingAnchor: present }

  it('is of the subscription that gives access: an attempt that was never paid, or one that is over, starts no usage period', () => {
    expect(billingAnchorOf({ subscriptions: [attempt] })).toBe(present - 100 * day)
    expect(billingAnchorOf({ subscriptions: [{ ...active, status: 'canceled' }] })).toBe(present - 100 * day)
    expect(billingAnchorOf({ subscriptions: [attempt, active] })).toBe(active.billingAnchor)
  })

  it('stays where it is while a higher plan is given for free', () => {
    const overrides = [{ id: 'o', plan: 'team', effectiveAt: 0, until: null, createdAt: 0, voidedAt: null }]
    const answer = entitlementsAt(exampleCatalog, recordsOf({ subscriptions: [attempt, active], overrides }), present)
    expect(answer).toMatchObject({ plan: { key: 'team' }, source: 'override', billingAnchor: active.billingAnchor, subscription: { id: 'sub_1' } })
  })
})

describe('a debt', () => {
  it('is named once grace is over', () => {
    const since = present - 7 * day
    expect(entitlementsOf({ status: 'past_due', pastDueSince: since + 1 })).toMatchObject({ plan: { key: 'pro' }, pastDue: null })
    expect(entitlementsOf({ status: 'past_due', pastDueSince: since })).toMatchObject({
      plan: { key: 'free' }, status: 'past_due', pastDue: { plan: 'pro', graceEndedAt: present },
    })
    expect(entitlementsOf({ status: 'unpaid' })).toMatchObject({ plan: { key: 'free' }, pastDue: { plan: 'pro', graceEndedAt: null } })
  })

  it('is not hidden by a fresh attempt that was never paid', () => {
    const attempt = { ...active, id: 'sub_2', status: 'incomplete' as const, startedAt: present }
    const debt = { ...active, status: 'unpaid' as const }
    expect(entitlementsAt(exampleCatalog, recordsOf({ subscriptions: [attempt, debt] }), present)).toMatchObject({ pastDue: { plan: 'pro' } })
  })

  it.each<Partial<Subscription>>([
    { status: 'canceled' }, { status: 'paused' }, { status: 'incomplete' }, { status: 'past_due', pastDueSince: 0, cancelAt: present },
  ])('is nobody\'s whose subscription is simply over or not begun: %j', (subscription) => {
    expect(entitlementsOf(subscription)).toMatchObject({ plan: { key: 'free' }, pastDue: null })
  })
})

describe('accessOf', () => {
  const expected: Record<SubscriptionStatus, boolean> = {
    incomplete: false, incomplete_expired: false, trialing: true, active: true, past_due: true, unpaid: false, paused: false,
    canceled: false, unknown: false,
  }

  it.each(subscriptionStatuses)('%s', (status) => {
    const subscription = { ...active, status, pastDueSince: present - day }
    expect(accessOf(subscription, defaultLifecycle, present).access).toBe(expected[status])
    expect(accessOf({ ...subscription, endedAt: present }, defaultLifecycle, present).access).toBe(false)
    expect(accessOf({ ...subscription, cancelAt: present }, defaultLifecycle, present).access).toBe(false)
  })

  it('ends at what comes first, grace or cancellation', () => {
    const owing = { ...active, status: 'past_due' as const, pastDueSince: present - day }
    const endings = [
      [owing, present + 6 * day],
      [{ ...owing, cancelAt: present + day }, present + day],
      [{ ...owing, cancelAt: present + 9 * day }, present + 6 * day],
      [{ ...active, cancelAt: present + day }, present + day],
    ] as const
    for (const [subscription, end] of endings) {
      expect(accessOf(subscription, defaultLifecycle, present)).toEqual({ access: true, graceEndedAt: null })
      expect(accessOf(subscription, defaultLifecycle, end - 1).access).toBe(true)
      expect(accessOf(subscription, defaultLifecycle, end).access).toBe(false)
    }
  })

  it.each<[string, Partial<Subscription>]>([
    ['is to end', { cancelAt: present + day }],
    ['is past due', { status: 'past_due', pastDueSince: present }],
    ['rests for a while', { paused: { kind: 'collection', since: null, until: present + day, reason: null } }],
  ])('is not given of what %s where the clock tells no time', (_, changed) => {
    expect(accessOf({ ...active, ...changed }, defaultLifecycle, Number.NaN).access).toBe(false)
  })

  it('is over where the subscription has ended, though it was to be cancelled later', () => {
    expect(accessOf({ ...active, endedAt: present - day, cancelAt: present + day }, defaultLifecycle, present).access).toBe(false)
  })

  it('counts grace from the present period where no overdue invoice is known', () => {
    expect(accessOf({ ...active, status: 'past_due' }, defaultLifecycle, present)).toEqual({ access: false, graceEndedAt: present - 3 * day })
  })

  it('gives no grace where the policy has none', () => {
    const policy = { ...defaultLifecycle, grace: 0 }
    expect(accessOf({ ...active, status: 'past_due', pastDueSince: present }, policy, present)).toEqual({ access: false, graceEndedAt: present })
  })
})

describe('entitlementOf', () => {
  it('has no terms where the plan lacks the feature', () => {
    const entitlements = entitlementsOf({})
    expect(entitlementOf(entitlements, 'exports')).toEqual({ terms: { kind: 'toggle', on: true }, grants: [] })
    for (const feature of ['nothing', 'constructor', '__proto__']) expect(entitlementOf(entitlements, feature).terms).toBeNull()
  })
})

function grant(effectiveAt: number, expiresAt: number | null): CustomerRecords['grants'][number] {
  return { id: 'g', feature: 'apiCalls', amount: 1, priority: 50, effectiveAt, expiresAt, createdAt: 0, voidedAt: null }
}
