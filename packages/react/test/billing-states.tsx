import { createBillingClient } from '@farebox/core/client'
import type { Problem, Snapshot } from '@farebox/core/protocol'
import { BillingPeriod, BillingProvider, type BillingProviderProps, PlanBadge, UpgradePrompt, UsageBar } from '@farebox/react'
import type { ReactElement } from 'react'
import { mockPaidSnapshot, mockSnapshot, mockUsage } from '../src/testing/mock-snapshot.ts'

export const quotaExceeded: Problem = {
  type: '/problems/quota-exceeded',
  title: 'The allowance is used up',
  status: 429,
  feature: 'apiCalls',
  limit: 5,
  used: 5,
  lift: { plan: 'pro', limit: 500 },
}

/** A provider around every component, as a billing page has them. */
export function BillingPage({ problem, ...props }: BillingProviderProps & { readonly problem?: Problem }): ReactElement {
  return (
    <BillingProvider {...props}>
      <PlanBadge />
      <BillingPeriod />
      <UsageBar feature="apiCalls" label="API calls" />
      <UsageBar feature="tokens" label="Tokens" />
      <UpgradePrompt label="API calls" {...(problem ? { problem } : { feature: 'apiCalls' })} />
    </BillingProvider>
  )
}

/** A client whose server never answers, so that what it shows stays as it is. */
export function stillClient(initialSnapshot?: Snapshot) {
  return createBillingClient({ initialSnapshot, fetch: () => new Promise(() => undefined), navigate: () => undefined })
}

async function failedClient(initialSnapshot?: Snapshot) {
  const client = createBillingClient({ initialSnapshot, fetch: async () => new Response(null, { status: 503 }) })
  await client.refresh()
  return client
}

function usage(used: number, limit: number | null, more: Parameters<typeof mockUsage>[2] = {}): Snapshot {
  return mockSnapshot({ usage: { apiCalls: mockUsage(used, limit, more), tokens: mockUsage(0, 0, { unit: 'token' }) } })
}

/** Every state that a billing page can be in. */
export const billingStates: Readonly<Record<string, () => ReactElement | Promise<ReactElement>>> = {
  loading: () => <BillingPage client={stillClient()} />,
  failed: async () => <BillingPage client={await failedClient()} />,
  stale: async () => <BillingPage client={await failedClient(mockSnapshot())} />,
  empty: () => <BillingPage client={stillClient(mockSnapshot({ usage: {}, entitlements: {} }))} />,
  unused: () => <BillingPage client={stillClient(usage(0, 5))} />,
  'partly used': () => <BillingPage client={stillClient(usage(3, 5))} />,
  reserved: () => <BillingPage client={stillClient(usage(1, 5, { reserved: 2 }))} />,
  'near the limit': () => <BillingPage client={stillClient(usage(4, 5))} />,
  'at the limit': () => <BillingPage client={stillClient(usage(5, 5))} />,
  'over the limit': () => <BillingPage client={stillClient(usage(120, 100))} />,
  unlimited: () => <BillingPage client={stillClient(usage(1234, null))} />,
  refused: () => <BillingPage client={stillClient(mockSnapshot())} problem={quotaExceeded} />,
  paid: () => <BillingPage client={stillClient(mockPaidSnapshot())} />,
  'past due': () => <BillingPage client={stillClient(mockPaidSnapshot({ status: 'past_due' }))} />,
  'cancellation scheduled': () => {
    const { subscription } = mockPaidSnapshot()
    return (
      <BillingPage
        client={stillClient(mockPaidSnapshot({ subscription: subscription && { ...subscription, cancelAt: '2026-12-05T00:00:00.000Z' } }))}
      />
    )
  },
  'someone else pays': () => <BillingPage client={stillClient({ ...usage(5, 5), canManageBilling: false })} />,
}
