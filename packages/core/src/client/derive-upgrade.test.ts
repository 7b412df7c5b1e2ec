import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { subscriptionStatuses } from '../domain/lifecycle.ts'
import type { PlanStatus } from '../domain/entitlement.ts'
import type { UsageView } from '../protocol/snapshot.ts'
import { type Refusal, deriveUpgrade } from './derive-upgrade.ts'

const usage: UsageView = {
  used: 5, reserved: 0, limit: 5, remaining: 0, overage: 0, unit: 'call', gates: [],
  periodStart: '2026-11-01T00:00:00.000Z', periodEnd: '2026-12-01T00:00:00.000Z',
}
const customer = {
  status: 'none' as PlanStatus,
  canManageBilling: true,
  plans: {
    free: { name: 'Free', interval: null },
    pro: { name: 'Pro', interval: 'month' },
    annual: { name: 'Annual', interval: 'year' },
    enterprise: { name: 'Enterprise', interval: null },
  },
  usage: { apiCalls: usage },
} as const
const refusal: Refusal = { type: '/problems/quota-exceeded', feature: 'apiCalls', lift: { plan: 'pro', limit: 500 } }

describe('deriveUpgrade', () => {
  it('names the plan that the server named, and what it includes', () => {
    expect(deriveUpgrade(refusal, customer)).toEqual({
      reason: 'quota-exceeded', action: 'checkout', feature: 'apiCalls', plan: 'pro', planName: 'Pro', interval: 'month', limit: 500, unit: 'call',
    })
  })

  it('calls a plan by its key where the snapshot does not name it', () => {
    const silent = { ...customer, plans: {}, usage: {} }
    expect(deriveUpgrade(refusal, silent)).toMatchObject({ action: 'checkout', planName: 'pro', interval: 'month', unit: undefined })
  })

  it('buys a plan in the interval in which it is sold', () => {
    expect(deriveUpgrade({ ...refusal, lift: { plan: 'annual', limit: 9 } }, customer)?.interval).toBe('year')
  })

  it.each([
    ['an unknown plan', 'legacy', 'checkout'],
    ['a plan to ask for', 'enterprise', 'contact'],
  ])('knows the way to %s', (_, plan, action) => {
    expect(deriveUpgrade({ ...refusal, lift: { plan, limit: null } }, customer)).toMatchObject({ plan, action, limit: null })
  })

  it.each(subscriptionStatuses)('never offers a second checkout to a subscription that is %s', (status) => {
    const isOver = ['incomplete', 'incomplete_expired', 'canceled'].includes(status)
    expect(deriveUpgrade(refusal, { ...customer, status })?.action).toBe(isOver ? 'checkout' : 'change')
  })

  it('sends whoever owes to the portal, with no plan to buy', () => {
    const overdue = deriveUpgrade({ type: 'https://docs.example.com/problems/payment-past-due' }, { ...customer, status: 'canceled' })
    expect(overdue).toMatchObject({ reason: 'payment-past-due', action: 'portal', plan: undefined, planName: undefined })
  })

  it.each([refusal, { type: '/problems/payment-past-due' }])('asks whoever may not manage billing to ask another', (problem) => {
    expect(deriveUpgrade(problem, { ...customer, canManageBilling: false })?.action).toBe('ask')
  })

  it('offers nothing where no plan lifts the limit', () => {
    expect(deriveUpgrade({ type: '/problems/quota-exceeded', feature: 'apiCalls' }, customer)).toBeUndefined()
    expect(deriveUpgrade({ type: '/problems/plan-required', feature: 'exports' }, customer)).toBeUndefined()
  })

  it('never answers a burst, a missing role or anything else with an upgrade', () => {
    const others = fc.oneof(
      fc.constantFrom('rate-limited', 'forbidden', 'unauthenticated', 'unavailable', 'idempotency-conflict', 'not-found'),
      fc.string().filter((name) => !/(^|\/problems\/)(quota-exceeded|plan-required|payment-past-due)$/.test(name)),
    )
    fc.assert(
      fc.property(others, fc.constantFrom('/problems/', 'https://x.test/problems/', ''), (name, base) => {
        expect(deriveUpgrade({ ...refusal, type: base + name }, customer)).toBeUndefined()
      }),
    )
  })
})
