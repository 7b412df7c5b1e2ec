import { type Caller, type Decision, allowance, createFarebox, defineCatalog, metered, toggle, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import type { NextRequest } from 'next/server.js'
import { describe, expectTypeOf, it } from 'vitest'
import { createGates } from './create-gates.tsx'
import { type ActionRefusal, requireFeatureInAction, withMeterInAction } from './guard-action.ts'
import { requirePlanOnPage, withMeterOnPage } from './guard-page.ts'
import { requireFeature, requirePlan, withMeter } from './guard-route.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), exports: toggle() },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { exports: true } },
  },
})
const farebox = createFarebox({ catalog, store: memoryStore() })
const respond = (): Response => new Response()
const page = (): null => null
const signIn = { signInUrl: '/sign-in' }

interface Context {
  readonly params: Promise<{ readonly id: string }>
}

describe('names', () => {
  it('are those of the catalog', () => {
    requirePlan(farebox, ['free', 'pro'], respond)
    // @ts-expect-error not a plan
    requirePlan(farebox, 'platinum', respond)
    // @ts-expect-error not a plan
    requirePlanOnPage(farebox, 'platinum', page, signIn)
    // @ts-expect-error not a feature
    requireFeature(farebox, 'import', respond)
    // @ts-expect-error not a feature
    requireFeatureInAction(farebox, 'import', async () => 1)
  })

  it('are those of the catalog in gates', () => {
    const { PlanGate, FeatureGate, QuotaGate } = createGates(farebox)
    void PlanGate({ plan: ['free', 'pro'], children: ({ caller }) => caller.customer })
    // @ts-expect-error not a plan
    void PlanGate({ plan: 'platinum' })
    // @ts-expect-error not a feature
    void FeatureGate({ feature: 'import' })
    // @ts-expect-error a toggle
    void QuotaGate({ feature: 'exports' })
  })

  it('of what is not metered cannot be metered', () => {
    // @ts-expect-error a toggle
    withMeter(farebox, 'exports', respond)
    // @ts-expect-error a toggle
    withMeterOnPage(farebox, 'exports', page, signIn)
    // @ts-expect-error a toggle
    withMeterInAction(farebox, 'exports', async () => 1)
  })
})

describe('a guarded resource', () => {
  it('keeps the shape that Next gives a route handler', () => {
    const handler = withMeter(farebox, 'apiCalls', (request, context: Context, { caller, decision }) => {
      expectTypeOf(request).toEqualTypeOf<NextRequest>()
      expectTypeOf(caller).toEqualTypeOf<Caller>()
      expectTypeOf(decision).toEqualTypeOf<Decision>()
      expectTypeOf(context).toEqualTypeOf<Context>()
      return new Response()
    })
    expectTypeOf(handler).toEqualTypeOf<(request: NextRequest, context: Context) => Promise<Response>>()
  })

  it('takes the arguments of an action behind who passed, and adds the refusal to its answer', () => {
    const action = withMeterInAction(farebox, 'apiCalls', async ({ decision }, name: string, count: number) => ({
      used: decision.used, name, count,
    }))
    expectTypeOf(action).parameters.toEqualTypeOf<[name: string, count: number]>()
    expectTypeOf(action).returns.resolves.toEqualTypeOf<{ used: number; name: string; count: number } | ActionRefusal>()
  })

  it('knows a decision only behind a meter', () => {
    // @ts-expect-error nothing was decided
    requireFeature(farebox, 'exports', (_, __, { decision }) => new Response(String(decision)))
  })

  it('cannot do without a place to sign in', () => {
    // @ts-expect-error signInUrl is missing
    requirePlanOnPage(farebox, 'pro', page, {})
  })
})
