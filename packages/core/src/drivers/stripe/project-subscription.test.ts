import fc from 'fast-check'
import { expect, it } from 'vitest'
import { defaultLifecycle } from '../../domain/lifecycle.ts'
import { accessOf } from '../../domain/subscription.ts'
import { parseAnswer } from './stripe-error.ts'
import { projectSubscription } from './project-subscription.ts'
import { type StripePrice, type StripeSubscription, subscriptionShape } from './subscription-shape.ts'

const price: StripePrice = {
  id: 'price_1',
  lookup_key: 'farebox_pro_month',
  metadata: { farebox_plan: 'pro' },
  recurring: { interval: 'month', interval_count: 1 },
}

const subscription: StripeSubscription = {
  id: 'sub_1',
  status: 'active',
  currency: 'usd',
  start_date: 1_700_000_000,
  billing_cycle_anchor: 1_700_000_001,
  trial_end: null,
  cancel_at: null,
  cancel_at_period_end: false,
  ended_at: null,
  latest_invoice: { id: 'in_1', created: 1_700_000_002 },
  items: { data: [{ id: 'si_1', current_period_start: 100, current_period_end: 200, quantity: 3, price }], has_more: false },
}

function project(change: Partial<StripeSubscription>, prices: readonly Partial<StripePrice>[] = [{}], installation?: string) {
  const items = prices.map((patch, index) => ({
    id: `si_${index}`, current_period_start: 100 + index, current_period_end: 200 + index, quantity: 3, price: { ...price, ...patch },
  }))
  return projectSubscription({ subscription: { ...subscription, ...change }, items, overdueSince: null, nextPhase: null, payment: null, discounts: [], customerMethod: null }, installation)
}

it('projects seconds into milliseconds', () => {
  expect(project({ trial_end: 5, ended_at: 6 })).toEqual({
    id: 'sub_1',
    ours: true,
    plan: 'pro',
    price: 'price_1',
    interval: 'month',
    quantity: 3,
    status: 'active',
    startedAt: 1_700_000_000_000,
    billingAnchor: 1_700_000_001_000,
    currentPeriodStart: 100_000,
    currentPeriodEnd: 200_000,
    trialEnd: 5000,
    cancelAt: null,
    endedAt: 6000,
    pastDueSince: null,
    currency: 'usd', pendingChange: null, paused: null, payment: null, card: null, endReason: null,
  })
})

it('knows a scheduled end however it was said', () => {
  expect(project({ cancel_at: 150 }).cancelAt).toBe(150_000)
  expect(project({ cancel_at_period_end: true }).cancelAt).toBe(200_000)
  expect(project({ cancel_at: 150, cancel_at_period_end: true }).cancelAt).toBe(150_000)
})

it('spans the periods of all items, and falls back to those of the subscription in older API versions', () => {
  expect(project({}, [{}, { id: 'price_2', metadata: {}, lookup_key: null }])).toMatchObject({ currentPeriodStart: 100_000, currentPeriodEnd: 201_000, plan: 'pro' })
  const old = { ...subscription, current_period_start: 300, current_period_end: 400 }
  const items = [{ id: 'si_1', price }]
  expect(projectSubscription({ subscription: old, items, overdueSince: null, nextPhase: null, payment: null, discounts: [], customerMethod: null }, undefined)).toMatchObject({ currentPeriodStart: 300_000, currentPeriodEnd: 400_000 })
})

it.each([
  ['metadata', {}, undefined, 'pro'],
  ['metadata although the lookup key moved on', { lookup_key: null }, undefined, 'pro'],
  ['a lookup key alone', { metadata: {} }, undefined, 'pro'],
  ['neither', { metadata: {}, lookup_key: 'pro_month' }, undefined, null],
  ['a lookup key of another app', { metadata: {}, lookup_key: 'farebox_shop_pro_month' }, undefined, null],
  ['a lookup key of this app', { metadata: {}, lookup_key: 'farebox_shop_pro_month' }, 'shop', 'pro'],
  ['metadata of another app', { metadata: { farebox_plan: 'pro', farebox_installation: 'other' } }, 'shop', null],
  ['metadata of this app', { metadata: { farebox_plan: 'pro', farebox_installation: 'shop' } }, 'shop', 'pro'],
  ['metadata without an app, which is another', {}, 'shop', null],
])('tells the plan by %s', (_, patch, installation, plan) => {
  expect(project({}, [patch], installation).plan).toBe(plan)
})

it('refuses to guess between two plans, and takes the same plan twice for one', () => {
  expect(project({}, [{}, { metadata: { farebox_plan: 'team' } }])).toMatchObject({ plan: null, ours: true })
  expect(project({}, [{}, {}]).plan).toBe('pro')
  expect(project({}, [{ metadata: {}, lookup_key: null, id: 'extra' }, {}])).toMatchObject({ plan: 'pro', price: 'price_1' })
})

it('counts the quantities of items of the same plan together, and those of nothing else', () => {
  const read = { subscription, overdueSince: null, payment: null, discounts: [], customerMethod: null }
  const other = { ...price, id: 'price_3', metadata: {}, lookup_key: null }
  const quantityOf = (...items: readonly { readonly price: StripePrice; readonly quantity?: number }[]): readonly (number | undefined)[] => {
    const kept = items.map((item, index) => ({ id: `si_${index}`, ...item }))
    const { quantity, pendingChange } = projectSubscription({ ...read, items: kept, nextPhase: { at: 1, items } }, undefined)
    return [quantity, pendingChange?.quantity]
  }
  const yearly = { ...price, id: 'price_2', lookup_key: 'farebox_pro_year', recurring: { interval: 'year' } }
  expect(quantityOf({ price, quantity: 2 }, { price: yearly, quantity: 3 })).toEqual([5, 5])
  expect(quantityOf({ price: other, quantity: 7 }, { price, quantity: 2 }, { price, quantity: 3 })).toEqual([5, 5])
  expect(quantityOf({ price }, { price: yearly, quantity: 3 })).toEqual([3, 3])
  expect(quantityOf({ price, quantity: 0 })).toEqual([0, 0])
  expect(quantityOf({ price }, { price: other, quantity: 7 })).toEqual([1, 1])
  // What sells two plans gives nothing, and what is shown of it is one item.
  expect(quantityOf({ price, quantity: 2 }, { price: { ...price, metadata: { farebox_plan: 'team' } }, quantity: 3 })).toEqual([2, 2])
})

it.each([
  ['a price of its plans', {}, {}, undefined, true],
  ['the checkout that sold it', { metadata: { farebox_customer: 'user_1' } }, { metadata: {}, lookup_key: null }, undefined, true],
  ['the checkout of another app', { metadata: { farebox_customer: 'user_1', farebox_installation: 'shop' } }, { metadata: {}, lookup_key: null }, undefined, false],
  ['the checkout of this app', { metadata: { farebox_customer: 'user_1', farebox_installation: 'shop' } }, { metadata: {}, lookup_key: null }, 'shop', true],
  ['nothing', {}, { metadata: {}, lookup_key: null }, undefined, false],
])('tells by %s whether it is ours', (_, change, patch, installation, ours) => {
  expect(project(change, [patch], installation).ours).toBe(ours)
})

it.each([
  [{ interval: 'month', interval_count: 3 }, null],
  [{ interval: 'week' }, null],
  [{ interval: 'year' }, 'year'],
  [null, null],
])('knows intervals that plans are sold by: %j is %s', (recurring, interval) => {
  expect(project({}, [{ recurring }]).interval).toBe(interval)
})

it('counts overdue time from the oldest open invoice, else from the latest, and only where it is overdue', () => {
  const read = { subscription: { ...subscription, status: 'past_due' }, items: subscription.items.data }
  expect(projectSubscription({ ...read, overdueSince: 7, nextPhase: null, payment: null, discounts: [], customerMethod: null }, undefined).pastDueSince).toBe(7000)
  expect(projectSubscription({ ...read, overdueSince: null, nextPhase: null, payment: null, discounts: [], customerMethod: null }, undefined).pastDueSince).toBe(1_700_000_002_000)
  expect(project({ status: 'active' }).pastDueSince).toBeNull()
  expect(project({ status: 'unpaid', latest_invoice: 'in_1' }).pastDueSince).toBeNull()
})

it('survives values that Stripe may add: none throws, none gives access', () => {
  const known = ['incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled']
  fc.assert(
    fc.property(fc.string().filter((text) => !known.includes(text)), fc.string(), (status, interval) => {
      const answer = { ...subscription, status, something_new: { deep: [status] } }
      const parsed = parseAnswer(subscriptionShape, answer)
      const projected = projectSubscription({ subscription: parsed, items: [{ id: 'si', price: { ...price, recurring: { interval } } }], overdueSince: null, nextPhase: null, payment: null, discounts: [], customerMethod: null }, undefined)
      expect(projected.status).toBe('unknown')
      expect(accessOf(projected, defaultLifecycle, 150_000)).toEqual({ access: false, graceEndedAt: null })
    }),
    { numRuns: 200 },
  )
})

it.each([
  ['a text for a time', { ...subscription, start_date: 'soon' }],
  ['no items', { ...subscription, items: undefined }],
  ['null', null],
])('refuses an answer with %s, and quotes none of it', (_, answer) => {
  expect(() => parseAnswer(subscriptionShape, answer)).toThrow(expect.objectContaining({ code: 'payments-failed', reason: 'unexpected-answer' }))
})

it('takes an invoice that a rest voided for the present period\'s only where it was made in it', () => {
  const voided = { id: 'in_1', status: 'void', billing_reason: 'subscription_cycle', attempt_count: 0 }
  const metadata = { farebox_rest: 'open' }
  expect(project({ metadata, latest_invoice: { ...voided, created: 100 } }).paused).toMatchObject({ kind: 'collection', until: 200_000 })
  expect(project({ metadata, latest_invoice: { ...voided, created: 99 } }).paused).toBeNull()
})
