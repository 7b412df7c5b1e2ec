import { type ComponentType, createRef } from 'react'
import { expect, it, vi } from 'vitest'
import { render } from 'vitest-browser-react'
import * as farebox from '../index.ts'
import { BillingMock, mockPaidSnapshot, mockPlans, mockUsage } from '../testing/index.ts'

const snapshot = mockPaidSnapshot({
  usage: { apiCalls: mockUsage(500, 500) }, status: 'trialing', trial: { endsAt: '2026-11-28T06:30:00.000Z' },
  notices: [{ kind: 'payment-failed', at: null, url: 'https://pay.example.com/in_1', due: { amount: 2900, currency: 'usd' } }],
})

/** What each component needs to show something; those that are left out make no element of their own. */
const needed: Readonly<Record<string, object>> = {
  BillingDashboard: { sections: ['plan'] }, BillingNotice: {}, BillingPeriod: {}, CancelFlow: {}, CheckoutButton: { plan: 'pro', interval: 'month' },
  CouponField: { value: undefined, onValueChange: () => undefined }, CreditBalance: {}, CreditLedger: {}, DunningBanner: {}, EmptyState: {},
  ErrorState: { of: { status: 'error', error: { status: 0 }, refetch: () => undefined } }, InvoiceList: {}, PaymentMethodList: {}, PlanBadge: {},
  PlanChangePreview: { plan: 'pro' }, PortalButton: {}, PricingCalculator: { plans: mockPlans() }, PricingTable: { plans: mockPlans() },
  QuotaIndicator: { feature: 'apiCalls' }, SeatList: {}, SeatPicker: { value: 2, onValueChange: () => undefined }, Skeleton: {}, TrialCountdown: {},
  UpcomingBill: {}, UpgradePrompt: { feature: 'apiCalls' }, UsageBar: { feature: 'apiCalls' }, UsageChart: { feature: 'apiCalls' },
  UsageDashboard: {}, UsageRing: { feature: 'apiCalls' }, UsageTable: {},
}
const without = /^(BillingProvider|FeatureGate|PlanGate|PricingOffers|QuotaGate)$/
const components = Object.entries(farebox).filter(([name]) => /^[A-Z]/.test(name) && !without.test(name))

it.each(components)('%s passes on what it is given', async (name, value) => {
  const Component = value as ComponentType<object>
  const props = needed[name]
  expect(props).toBeDefined()
  const ref = createRef<HTMLElement>()
  const onPointerDown = vi.fn()
  const given = { ...props, ref, id: 'mine', title: 'hint', className: () => 'by-state', style: () => ({ outlineWidth: '7px' }), onPointerDown }
  const { container } = await render(<BillingMock snapshot={snapshot}><Component {...given} /></BillingMock>)
  const root = container.querySelector<HTMLElement>('#mine')
  expect(root).toMatchObject({ title: 'hint', className: 'by-state' })
  expect(root?.style.outlineWidth).toBe('7px')
  expect(root?.dataset['slot']).toMatch(/^[a-z]+(-[a-z]+)*$/)
  expect(ref.current).toBe(root)
  root?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))
  expect(onPointerDown).toHaveBeenCalledOnce()
})

it.each(components)('%s is another element by `render`, and keeps what it is', async (name, value) => {
  const Component = value as ComponentType<object>
  const told: string[] = []
  const given = {
    ...needed[name], id: 'mine', className: 'of-the-part', onPointerDown: () => told.push('part'),
    render: <section className="of-the-element" onPointerDown={() => told.push('element')} />,
  }
  const { container } = await render(<BillingMock snapshot={snapshot}><Component {...given} /></BillingMock>)
  const root = container.querySelector<HTMLElement>('#mine')
  expect(root).toMatchObject({ tagName: 'SECTION', className: 'of-the-part of-the-element' })
  expect(root?.dataset['slot']).toBeDefined()
  root?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))
  expect(told).toEqual(['element', 'part'])
})
