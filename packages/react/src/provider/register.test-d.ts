import { allowance, defineCatalog, metered, seats, setting, toggle } from '@farebox/core'
import type { Usage } from '@farebox/core/client'
import type { EntitlementView } from '@farebox/core/protocol'
import {
  type FeatureName,
  type MeteredName,
  type PlanName,
  type Reading,
  type SeatsName,
  BillingProvider,
  CreditBalance,
  CheckoutButton,
  FeatureGate,
  PlanBadge,
  PlanChangePreview,
  PlanGate,
  PricingCalculator,
  QuotaGate,
  type UpgradePrompt,
  UsageBar,
  UsageChart,
  UsageDashboard,
  UsageTable,
  createBillingClient,
  useBilling,
  useCheckout,
  useCredits,
  useEntitlement,
  usePlanChange,
  useSeats,
  useUpgradePrompt,
  useUsage,
  useUsageHistory,
} from '@farebox/react'
import type { BillingQueries as SwrQueries } from '@farebox/react/swr'
import type { BillingQueries } from '@farebox/react/tanstack-query'
import { type ComponentProps, createElement } from 'react'
import { describe, expectTypeOf, it } from 'vitest'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), tokens: metered({ unit: 'token' }), exports: toggle(), models: setting<string[]>(), members: seats() },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: { name: 'Pro', features: { apiCalls: allowance(500).per('month') } },
  },
})

declare module '@farebox/react' {
  interface Register {
    catalog: typeof catalog
  }
}

describe('a registered catalog', () => {
  it('names the features', () => {
    expectTypeOf<FeatureName>().toEqualTypeOf<'apiCalls' | 'tokens' | 'exports' | 'models' | 'members'>()
    expectTypeOf<MeteredName>().toEqualTypeOf<'apiCalls' | 'tokens'>()
    expectTypeOf<SeatsName>().toEqualTypeOf<'members'>()
  })

  it('lets hooks take these names alone', () => {
    expectTypeOf(useUsage).parameter(0).toEqualTypeOf<MeteredName>()
    expectTypeOf(useUsage).returns.toEqualTypeOf<Reading<Usage | null>>()
    expectTypeOf(useEntitlement).parameter(0).toEqualTypeOf<FeatureName>()
    expectTypeOf(useEntitlement).returns.toEqualTypeOf<Reading<EntitlementView | null>>()
    // @ts-expect-error a feature that is not in the catalog
    useUsage('apiCall')
    // @ts-expect-error a feature that is not metered
    useUsage('exports')
    // @ts-expect-error a feature that is not in the catalog
    useEntitlement('export')
    // @ts-expect-error a feature that is not metered
    useUpgradePrompt({ feature: 'models' })
    // @ts-expect-error a feature that is not metered
    useUsageHistory('exports')
    // @ts-expect-error a feature that is not in the catalog
    useCredits('token')
    void useSeats().assign.run('members', 'ann')
    // @ts-expect-error a feature that is not counted in seats
    void useSeats().assign.run('exports', 'ann')
    // @ts-expect-error a feature that is not counted in seats
    void useSeats().release.run('tokens', 'ann')
  })

  it('names the plans', () => {
    expectTypeOf<PlanName>().toEqualTypeOf<'free' | 'pro'>()
    expectTypeOf(usePlanChange).parameter(0).toExtend<{ plan: PlanName } | undefined>()
    createElement(CheckoutButton, { plan: 'pro', interval: 'month' })
    createElement(PlanChangePreview, { plan: 'free' })
    // @ts-expect-error a plan that is not in the catalog
    createElement(CheckoutButton, { plan: 'gold', interval: 'month' })
    // @ts-expect-error a plan that is not in the catalog
    createElement(PlanChangePreview, { plan: 'gold' })
    // @ts-expect-error a plan that is not in the catalog
    createElement(PricingCalculator, { plan: 'gold' })
    // @ts-expect-error a plan that is not in the catalog
    void useCheckout().run({ plan: 'gold', interval: 'month' })
    void useBilling().client.change({ plan: 'pro' })
    // @ts-expect-error a plan that is not in the catalog
    void useBilling().client.change({ plan: 'gold' })
    createElement(BillingProvider, { client: createBillingClient<typeof catalog>() })
    createElement(BillingProvider, { client: createBillingClient() })
  })

  it('lets components take these names alone', () => {
    expectTypeOf<ComponentProps<typeof UsageBar>['feature']>().toEqualTypeOf<MeteredName>()
    expectTypeOf<ComponentProps<typeof UsageBar.Root>['feature']>().toEqualTypeOf<MeteredName>()
    expectTypeOf<ComponentProps<typeof UpgradePrompt>['feature']>().toEqualTypeOf<MeteredName | undefined>()
    createElement(UsageBar, { feature: 'tokens', className: 'mine', title: 'Tokens' })
    // @ts-expect-error a feature that is not in the catalog
    createElement(UsageBar, { feature: 'token' })
    // oxlint-disable-next-line react/no-children-prop -- the third argument takes no functions
    createElement(UsageDashboard, { features: ['tokens'], children: (feature) => createElement(UsageBar, { feature }) })
    // @ts-expect-error a feature that is not metered
    createElement(UsageDashboard, { features: ['exports'] })
    // @ts-expect-error a feature that is not in the catalog
    createElement(UsageChart, { feature: 'token' })
    // @ts-expect-error a feature that is not in the catalog
    createElement(CreditBalance, { feature: 'token' })
    // @ts-expect-error a feature that is not in the catalog
    createElement(UsageTable.Row, { feature: 'token' })
    // @ts-expect-error a feature that is not metered
    createElement(UsageDashboard.Item, { feature: 'exports' })
    // @ts-expect-error no feature
    createElement(UsageBar, {})
    // @ts-expect-error not an attribute of a span
    createElement(PlanBadge, { feature: 'tokens' })
  })
})

describe('gates', () => {
  it('take the names of the catalog alone', () => {
    expectTypeOf<ComponentProps<typeof PlanGate>['plan']>().toEqualTypeOf<PlanName | readonly PlanName[]>()
    expectTypeOf<ComponentProps<typeof FeatureGate>['feature']>().toEqualTypeOf<FeatureName>()
    expectTypeOf<ComponentProps<typeof QuotaGate>['feature']>().toEqualTypeOf<MeteredName>()
    createElement(PlanGate, { plan: ['free', 'pro'], fallback: 'none' })
    // @ts-expect-error a plan that is not in the catalog
    createElement(PlanGate, { plan: 'team' })
    // @ts-expect-error a feature that is not in the catalog
    createElement(FeatureGate, { feature: 'export' })
    // @ts-expect-error a feature that is not metered
    createElement(QuotaGate, { feature: 'exports' })
  })
})

describe('results', () => {
  it('are told apart by their status', () => {
    const state = useBilling()
    switch (state.status) {
      case 'pending':
        expectTypeOf(state.data).toEqualTypeOf<undefined>()
        break
      case 'error':
        expectTypeOf(state.error.status).toEqualTypeOf<number>()
        break
      case 'success':
        expectTypeOf(state.data.plan).toEqualTypeOf<string>()
        expectTypeOf(state.isStale).toEqualTypeOf<boolean>()
        break
      default:
        expectTypeOf(state).toEqualTypeOf<never>()
    }
  })

  it('need the plan and a known interval to buy', () => {
    const client = createBillingClient()
    // @ts-expect-error an interval that nothing is sold by
    void client.checkout({ plan: 'pro', interval: 'week' })
    // @ts-expect-error no plan
    void client.checkout({ interval: 'month' })
    // @ts-expect-error a message that no component shows
    createElement(BillingProvider, { messages: { hello: 'you' } })
  })
})

describe('options for query libraries', () => {
  it('change a plan of the catalog, for what a preview has shown', () => {
    expectTypeOf<BillingQueries['change']>().returns.toHaveProperty('mutationFn').parameter(0).toExtend<{ plan: PlanName }>()
    expectTypeOf<BillingQueries['change']>().returns.toHaveProperty('mutationFn').parameter(0).toHaveProperty('prorationDate')
    expectTypeOf<ReturnType<SwrQueries['change']>[1]>().parameter(1).toHaveProperty('arg').toHaveProperty('prorationDate')
  })
})
