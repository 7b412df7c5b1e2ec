import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { allowance } from './allowance.ts'
import { defineCatalog } from './define-catalog.ts'
import { entitlementsAt } from './entitlement.ts'
import { metered } from './feature.ts'
import { day } from './instant.ts'
import { usd } from './money.ts'
import { type Notice, noticeKinds, noticesOf } from './notices.ts'
import type { OpenPayment, Subscription } from './subscription.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month') } },
  },
})

const start = Date.UTC(2026, 0, 1)
const now = start + 10 * day

const active: Subscription = {
  id: 'sub_1', ours: true, plan: 'pro', price: 'price_1', interval: 'month', quantity: 1, currency: 'usd', status: 'active',
  startedAt: start, billingAnchor: start, currentPeriodStart: start, currentPeriodEnd: start + 30 * day, trialEnd: null, cancelAt: null,
  endedAt: null, pastDueSince: null, pendingChange: null, paused: null, payment: null, endReason: null,
  card: { brand: 'visa', last4: '4242', expiresAt: Date.UTC(2036, 0) },
}

const failed: OpenPayment = {
  state: 'failed', invoice: 'in_1', hostedUrl: 'https://invoice.stripe.com/i/1', attempts: 1, nextAttemptAt: now + day, amountDue: 2900, currency: 'usd',
}

const overdue = { status: 'past_due', pastDueSince: now - day, payment: failed } as const
const resting = { since: now - day, until: null, reason: 'requested' } as const

/** The states of a subscription, in the order of a life. */
const states: readonly (readonly [string, Partial<Subscription>])[] = [
  ['`incomplete`: the first payment failed', { status: 'incomplete', payment: failed }],
  ['`incomplete`: the first payment has to be confirmed', { status: 'incomplete', payment: { ...failed, state: 'action-required' } }],
  ['`incomplete_expired`', { status: 'incomplete_expired', endedAt: now - day }],
  ['`trialing`', { status: 'trialing', trialEnd: now + 2 * day }],
  ['`trialing`, and ends with the trial', { status: 'trialing', trialEnd: now + 2 * day, cancelAt: now + 2 * day }],
  ['`paused`, for the trial ended without a card', { status: 'paused', trialEnd: now - day, paused: { kind: 'subscription', ...resting, reason: 'trial-without-card' } }],
  ['`canceled`, for the trial ended without a card', { status: 'canceled', trialEnd: now - day, endedAt: now - day, card: null }],
  ['`active`', {}],
  ['`active`, with an invoice that nothing has gone wrong with', { payment: { ...failed, state: 'open', attempts: 0 } }],
  ['`active`, and a change waits for a confirmation', { payment: { ...failed, state: 'action-required', nextAttemptAt: null } }],
  ['`active`, and ends by itself', { cancelAt: now + 20 * day }],
  ['`active`, and changes by itself', { pendingChange: { plan: 'free', interval: 'month', quantity: 1, at: now + 20 * day } }],
  ['`active`, with a card that ends within 30 days', { card: { brand: 'visa', last4: '4242', expiresAt: now + 21 * day } }],
  ['`active`, its collection paused', { paused: { kind: 'collection', ...resting, until: now + day } }],
  ['`past_due`, within grace', overdue],
  ['`past_due`, within grace, to be confirmed', { ...overdue, payment: { ...failed, state: 'action-required' } }],
  ['`past_due`, after grace', { ...overdue, pastDueSince: now - 8 * day }],
  ['`unpaid`', { ...overdue, status: 'unpaid', payment: { ...failed, nextAttemptAt: null } }],
  ['`paused`', { status: 'paused', paused: { kind: 'subscription', ...resting } }],
  ['`canceled`', { status: 'canceled', endedAt: now - day, cancelAt: now - day, endReason: 'requested' }],
  ['`canceled`, for it was not paid', { status: 'canceled', endedAt: now - day, endReason: 'payment-failed' }],
  ['`unknown`: a status that Stripe has added, or no longer listed', { status: 'unknown' }],
  ['`active`, and its prices name no plan, or two', { plan: null }],
]

function look(changes: Partial<Subscription>, at: number = now): { readonly access: boolean; readonly notices: readonly Notice[] } {
  const subscriptions = [{ ...active, ...changes }]
  const records = { version: 1, createdAt: start, subscriptions, grants: [], overrides: [] }
  const entitlements = entitlementsAt(catalog, records, at)
  return { access: entitlements.plan.key === 'pro', notices: noticesOf(catalog, entitlements, subscriptions, at) }
}

test('the table of the documentation is what the code says', async () => {
  const rows = states.map(([state, changes]) => {
    const { access, notices } = look(changes)
    return `| ${state} | ${access ? 'yes' : 'no'} | ${notices.map(({ kind }) => `\`${kind}\``).join(', ')} |`
  })
  const document = await readFile(new URL('../../../../docs/billing/dunning.md', import.meta.url), 'utf8')
  expect(document).toContain(rows.join('\n'))
})

test('every kind of notice is in the table, in the order in which it presses', () => {
  const lists = states.map(([, changes]) => look(changes).notices.map(({ kind }) => noticeKinds.indexOf(kind)))
  for (const list of lists) expect(list).toEqual(list.toSorted((one, other) => one - other))
  expect(new Set(lists.flat()).size).toBe(noticeKinds.length)
})

test('each notice says when, and a payment says where and how much', () => {
  const due = { amount: 2900, currency: 'usd' }
  expect(look(overdue).notices).toEqual([
    { kind: 'payment-past-due', at: now + 6 * day },
    { kind: 'payment-failed', at: now + day, url: 'https://invoice.stripe.com/i/1', due },
  ])
  expect(look({ pendingChange: { plan: 'free', interval: 'year', quantity: 1, at: now + day } }).notices).toEqual([
    { kind: 'change-scheduled', at: now + day, plan: 'free', interval: 'year' },
  ])
  expect(look({ card: { brand: 'visa', last4: '0341', expiresAt: now + day } }).notices).toEqual([
    { kind: 'card-expiring', at: now + day, brand: 'visa', last4: '0341' },
  ])
})

test('what is over is noticed no more', () => {
  expect(look({ status: 'trialing', trialEnd: now }).notices).toEqual([])
  expect(look({ pendingChange: { plan: 'free', interval: 'year', quantity: 1, at: now } }).notices).toEqual([])
  expect(look({ status: 'canceled', trialEnd: now, endedAt: now, card: null }, now + 30 * day).notices).toEqual([])
  expect(look({ paused: { kind: 'collection', ...resting, until: now } }).notices).toEqual([])
})

test('a trial that somebody ended, and one that was used to its end, did not end for want of a card', () => {
  const ended = { status: 'canceled', trialEnd: now - 2 * day, card: null } as const
  expect(look({ ...ended, endedAt: now - 2 * day, cancelAt: now - 2 * day }).notices).toEqual([])
  expect(look({ ...ended, endedAt: now - 2 * day, endReason: 'requested' }).notices).toEqual([])
  expect(look({ ...ended, endedAt: now - day }).notices).toEqual([])
})

test('a card that is not to pay any more may end', () => {
  const card = { brand: 'visa', last4: '4242', expiresAt: now + 5 * day }
  expect(look({ card, cancelAt: now + 5 * day }).notices.map(({ kind }) => kind)).toEqual(['cancellation-scheduled'])
  expect(look({ card, cancelAt: now + 6 * day }).notices.map(({ kind }) => kind)).toEqual(['cancellation-scheduled', 'card-expiring'])
  expect(look({ card: { ...card, expiresAt: now + 30 * day + 1 } }).notices).toEqual([])
})
