import { allowance, createFarebox, defineCatalog, metered, toggle, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { manualClock } from '@farebox/core/testing'
import { expect, test } from 'vitest'
import { day } from '../../domain/instant.ts'
import type { AccessRule } from '../../domain/lifecycle.ts'
import type { Subscription } from '../../domain/subscription.ts'

const customer = 'user_1'
const start = Date.UTC(2026, 0, 31, 12)

const active: Subscription = {
  id: 'sub_1', ours: true, plan: 'pro', price: 'price_1', interval: 'month', quantity: 1, status: 'active', startedAt: start, billingAnchor: start,
  currentPeriodStart: start, currentPeriodEnd: start + 28 * day, trialEnd: null, cancelAt: null, endedAt: null, pastDueSince: null,
  currency: 'usd', pendingChange: null, paused: null, payment: null, card: null, endReason: null,
}

async function setup(changes: Partial<Subscription>, pastDue: AccessRule = 'grace') {
  const clock = manualClock(start)
  const catalog = defineCatalog({
    features: { apiCalls: metered({ unit: 'call' }), exports: toggle() },
    plans: {
      free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
      pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month'), exports: true } },
    },
    lifecycle: { access: { past_due: pastDue }, graceDays: 10 },
  })
  const store = memoryStore({ clock })
  const farebox = createFarebox({ catalog, clock, store })
  await farebox.ensureCustomer({ customer })
  const subscription = { ...active, ...changes }
  await store.records.commit(customer, [{ collection: 'subscriptions', id: subscription.id, value: subscription }])
  return { farebox, clock }
}

test('a debt is the reason of every refusal that it causes, and is told with the end of grace', async () => {
  const { farebox, clock } = await setup({ status: 'past_due', pastDueSince: start })
  await farebox.consume({ customer, feature: 'apiCalls', amount: 300 })
  clock.set(start + 10 * day)

  const refused = { allowed: false, reason: 'payment-past-due', plan: 'free', graceEndedAt: start + 10 * day }
  expect(await farebox.consume({ customer, feature: 'apiCalls' })).toMatchObject(refused)
  expect(await farebox.check({ customer, feature: 'apiCalls' })).toMatchObject(refused)
  expect(await farebox.check({ customer, feature: 'exports' })).toMatchObject(refused)
})

test('a payment that is overdue is noticed with the end of grace, whatever else is going to change before', async () => {
  const { farebox, clock } = await setup({ status: 'past_due', pastDueSince: start })
  await farebox.grant({ customer, feature: 'apiCalls', amount: 5, key: 'day', expiresAt: start + day })

  const graceEnd = new Date(start + 10 * day).toISOString()
  expect(await farebox.snapshot({ customer })).toMatchObject({ plan: 'pro', notices: [{ kind: 'payment-past-due', at: graceEnd }] })
  clock.set(start + 10 * day)
  expect(await farebox.snapshot({ customer })).toMatchObject({ plan: 'free', status: 'past_due', notices: [{ kind: 'access-ended', at: graceEnd }] })
})

test('the page of a payment is shown to who may manage the billing, and to nobody by a rule that has not answered yet', async () => {
  const hostedUrl = 'https://invoice.example.com/in_1'
  const payment = { state: 'failed', invoice: 'in_1', hostedUrl, attempts: 1, nextAttemptAt: null, amountDue: 2900, currency: 'usd' } as const
  const { farebox } = await setup({ payment })
  const noticed = async (canManageBilling: boolean) => JSON.stringify(await farebox.snapshot({ customer, canManageBilling }))
  expect(await noticed(true)).toContain(hostedUrl)
  // As the answer of an `async` rule in plain JavaScript.
  expect(await noticed(Promise.resolve(false) as never)).not.toContain(hostedUrl)
})

test('an overdue payment that costs no access has no end of grace', async () => {
  const { farebox } = await setup({ status: 'past_due', pastDueSince: start }, 'full')
  expect(await farebox.snapshot({ customer })).toMatchObject({ plan: 'pro', notices: [{ kind: 'payment-past-due', at: null }] })
})

test('a trial and a cancellation are noticed with their ends', async () => {
  const { farebox } = await setup({ status: 'trialing', trialEnd: start + day, cancelAt: start + 2 * day })
  expect(await farebox.snapshot({ customer })).toMatchObject({
    trial: { endsAt: new Date(start + day).toISOString() },
    notices: [
      { kind: 'cancellation-scheduled', at: new Date(start + 2 * day).toISOString() },
      { kind: 'trial-ending', at: new Date(start + day).toISOString() },
    ],
  })
})

test('a stranger is shown the default plan, and is not made known by that', async () => {
  const { farebox } = await setup({})
  expect(await farebox.snapshot({ customer: 'nobody' })).toMatchObject({
    plan: 'free',
    entitlementVersion: 0,
    usage: { apiCalls: { used: 0, limit: 5, remaining: 5, periodStart: new Date(start).toISOString() } },
    canManageBilling: false,
  })
  expect(await farebox.findCustomer({ customer: 'nobody' })).toBeUndefined()
})

test('grants are told in the order in which they are drawn', async () => {
  const { farebox } = await setup({})
  const grant = { customer, feature: 'apiCalls' as const, amount: 5 }
  await farebox.grant({ ...grant, key: 'endless' })
  await farebox.grant({ ...grant, key: 'later', expiresAt: start + 9 * day })
  await farebox.grant({ ...grant, key: 'sooner', expiresAt: start + 2 * day })
  await farebox.grant({ ...grant, key: 'first', priority: 10 })
  const { grants } = await farebox.snapshot({ customer })
  expect(grants.map(({ id }) => id)).toEqual(['first', 'sooner', 'later', 'endless'])

  await farebox.consume({ customer, feature: 'apiCalls', amount: 7 })
  expect((await farebox.snapshot({ customer })).grants.map(({ remaining }) => remaining)).toEqual([0, 3, 5, 5])
})
