import type { Snapshot, UsageView } from '@farebox/core/protocol'

const period = { periodStart: '2026-11-01T00:00:00.000Z', periodEnd: '2026-12-01T00:00:00.000Z' }

/** Usage of a metered feature, as a server would tell it. `limit` is `null` where there is none. */
export function mockUsage(used: number, limit: number | null, more: Partial<UsageView> = {}): UsageView {
  const remaining = limit === null ? null : Math.max(0, limit - used - (more.reserved ?? 0))
  const lift = limit === null ? {} : { lift: { plan: 'pro', limit: 500 } }
  return { used, reserved: 0, limit, remaining, overage: 0, unit: 'call', gates: [], ...period, ...lift, ...more }
}

/** The snapshot of a customer on the free plan, as a server would tell it. */
export function mockSnapshot(more: Partial<Snapshot> = {}): Snapshot {
  return {
    customer: 'ann',
    plan: 'free',
    planName: 'Free',
    plans: {
      free: { name: 'Free', interval: null },
      pro: { name: 'Pro', interval: 'month' },
      enterprise: { name: 'Enterprise', interval: null },
    },
    planSource: 'default',
    status: 'none',
    subscription: null,
    entitlements: {
      apiCalls: {
        terms: { kind: 'metered', limit: 5, unit: 'call', interval: 'month', overage: null },
        source: 'default',
        onError: 'deny',
      },
    },
    usage: { apiCalls: mockUsage(3, 5), tokens: mockUsage(0, 0, { unit: 'token' }) },
    grants: [],
    trial: null,
    notices: [],
    canManageBilling: true,
    entitlementVersion: 1,
    asOf: '2026-11-21T06:30:00.000Z',
    ...more,
  }
}

/** The same customer after paying. */
export function mockPaidSnapshot(more: Partial<Snapshot> = {}): Snapshot {
  return mockSnapshot({
    plan: 'pro',
    planName: 'Pro',
    planSource: 'subscription',
    status: 'active',
    subscription: {
      interval: 'month',
      quantity: 1,
      currency: 'usd',
      discounts: [],
      currentPeriodStart: '2026-11-21T06:30:00.000Z',
      currentPeriodEnd: '2026-12-21T06:30:00.000Z',
      cancelAt: null,
    },
    usage: { apiCalls: mockUsage(6, 500), tokens: mockUsage(10, 100, { unit: 'token' }) },
    entitlementVersion: 2,
    ...more,
  })
}
