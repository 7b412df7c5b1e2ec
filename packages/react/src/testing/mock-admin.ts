import type { AdminCustomerView, AdminCustomersView } from '@farebox/core/protocol'
import { mockPaidSnapshot, mockUsage } from './mock-snapshot.ts'

/** A customer as an admin sees it, as a server would tell it: a subscriber who was helped before. */
export function mockAdminCustomer(more: Partial<AdminCustomerView> = {}): AdminCustomerView {
  const periodEnd = '2026-12-01T00:00:00.000Z'
  return {
    snapshot: mockPaidSnapshot({
      usage: { apiCalls: mockUsage(540, 700, { reserved: 20 }), tokens: mockUsage(10, 100, { unit: 'token' }) },
    }),
    email: 'ann@example.com',
    name: 'Ann',
    paymentCustomer: 'cus_ann',
    explanation: {
      apiCalls: [
        { source: 'grant', key: 'outage-2026-11', amount: 100, used: 100, reserved: 0, priority: 10, expiresAt: '2026-12-31T00:00:00.000Z', reason: 'The outage of November' },
        { source: 'allowance', key: null, amount: 500, used: 440, reserved: 20, priority: 50, expiresAt: periodEnd, reason: null },
        { source: 'pack', key: 'pack:in_1:0', amount: 100, used: 0, reserved: 0, priority: 60, expiresAt: null, reason: null },
        { source: 'overage', key: null, amount: null, used: 0, reserved: 0, priority: null, expiresAt: periodEnd, reason: null },
      ],
      tokens: [{ source: 'allowance', key: null, amount: 100, used: 10, reserved: 0, priority: 50, expiresAt: periodEnd, reason: null }],
    },
    overrides: [
      { key: 'beta', plan: 'enterprise', reason: 'Beta tester', until: '2027-01-01T00:00:00.000Z', endedAt: null },
      { key: 'trial-2025', plan: 'pro', reason: null, until: null, endedAt: '2026-02-03T09:30:00.000Z' },
    ],
    audit: [
      {
        id: '4', at: '2026-11-20T16:05:00.000Z', actor: 'bea', action: 'grant',
        detail: { key: 'outage-2026-11', feature: 'apiCalls', amount: 100, expiresAt: '2026-12-31T00:00:00.000Z', reason: 'The outage of November' },
      },
      {
        id: '3', at: '2026-06-01T08:00:00.000Z', actor: 'bea', action: 'override',
        detail: { key: 'beta', plan: 'enterprise', until: '2027-01-01T00:00:00.000Z', reason: 'Beta tester' },
      },
      { id: '2', at: '2026-02-03T09:30:00.000Z', actor: null, action: 'end-override', detail: { key: 'trial-2025', plan: 'pro', reason: null } },
    ],
    ...more,
  }
}

/** Whom an admin's search found, as a server would tell it. */
export function mockAdminCustomers(): AdminCustomersView {
  const createdAt = '2025-01-31T10:00:00.000Z'
  return {
    customers: [
      { customer: 'ann', name: 'Ann', email: 'ann@example.com', plan: 'pro', planName: 'Pro', status: 'active', createdAt },
      { customer: 'org_2', name: null, email: 'ann@example.com', plan: 'free', planName: 'Free', status: 'none', createdAt },
      { customer: 'org_3', name: 'Ann’s bakery', email: 'ann@example.com', plan: 'pro', planName: 'Pro', status: 'past_due', createdAt },
    ],
  }
}
