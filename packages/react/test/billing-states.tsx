import { createBillingClient } from '@farebox/core/client'
import type { Problem, Snapshot } from '@farebox/core/protocol'
import { BillingPeriod, BillingProvider, type BillingProviderProps, PlanBadge, UpgradePrompt, UsageBar } from '@farebox/react'
import type { ReactElement } from 'react'
import { proSnapshot, snapshotOf, usageOf } from './snapshot-of.ts'

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

function usage(used: number, limit: number | null, more: Parameters<typeof usageOf>[2] = {}): Snapshot {
  return snapshotOf({ usage: { apiCalls: usageOf(used, limit, more), tokens: usageOf(0, 0, { unit: 'token' }) } })
}

/** Every state that a billing page can be in. */
export const billingStates: Readonly<Record<string, () => ReactElement | Promise<ReactElement>>> = {
  loading: () => <BillingPage client={stillClient()} />,
  failed: async () => <BillingPage client={await failedClient()} />,
  stale: async () => <BillingPage client={await failedClient(snapshotOf())} />,
  empty: () => <BillingPage client={stillClient(snapshotOf({ usage: {}, entitlements: {} }))} />,
  unused: () => <BillingPage client={stillClient(usage(0, 5))} />,
  'partly used': () => <BillingPage client={stillClient(usage(3, 5))} />,
  reserved: () => <BillingPage client={stillClient(usage(1, 5, { reserved: 2 }))} />,
  'near the limit': () => <BillingPage client={stillClient(usage(4, 5))} />,
  'at the limit': () => <BillingPage client={stillClient(usage(5, 5))} />,
  'over the limit': () => <BillingPage client={stillClient(usage(120, 100))} />,
  unlimited: () => <BillingPage client={stillClient(usage(1234, null))} />,
  refused: () => <BillingPage client={stillClient(snapshotOf())} problem={quotaExceeded} />,
  paid: () => <BillingPage client={stillClient(proSnapshot())} />,
  'past due': () => <BillingPage client={stillClient(proSnapshot({ status: 'past_due' }))} />,
  'cancellation scheduled': () => {
    const { subscription } = proSnapshot()
    return (
      <BillingPage
        client={stillClient(proSnapshot({ subscription: subscription && { ...subscription, cancelAt: '2026-12-05T00:00:00.000Z' } }))}
      />
    )
  },
  'someone else pays': () => <BillingPage client={stillClient({ ...usage(5, 5), canManageBilling: false })} />,
}
