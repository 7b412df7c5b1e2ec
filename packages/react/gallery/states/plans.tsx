import type { ChangePreviewView, NoticeView, PlansView, Problem, Snapshot } from '@farebox/core/protocol'
import {
  CancelFlow, CheckoutButton, CouponField, PlanBadge, PlanChangePreview, PortalButton, PricingCalculator, PricingTable, SeatPicker, type UpgradeForm, UpgradePrompt,
} from '@farebox/react'
import { BillingMock, type BillingMockProps, mockAnswers, mockPaidSnapshot, mockPlans, mockUsage } from '@farebox/react/testing'
import * as React from 'react'
import type { GalleryStates } from '../gallery-states.ts'

const labels = { apiCalls: 'API calls', exports: 'Exports', members: 'Members', models: 'Models' }

function at(element: React.ReactElement, props: BillingMockProps = {}) {
  return (): React.ReactElement => (
    <BillingMock labels={labels} {...props}>
      {element}
    </BillingMock>
  )
}

const paid = mockPaidSnapshot({
  entitlements: {
    apiCalls: { terms: { kind: 'metered', limit: 500, unit: 'call', interval: 'month', overage: null }, source: 'subscription', onError: 'deny' },
    exports: { terms: { kind: 'toggle', on: true }, source: 'subscription', onError: 'deny' },
    members: { terms: { kind: 'seats', limit: 5 }, source: 'subscription', onError: 'deny' },
  },
})

function noticed(notice: NoticeView): Snapshot {
  return { ...paid, notices: [notice] }
}

const leaving = noticed({ kind: 'cancellation-scheduled', at: '2026-12-21T06:30:00.000Z' })

/** Free, a team plan that is paid by seat in tiers, and one to ask for; overage and settings among the terms. */
const perSeat: PlansView = {
  plans: mockPlans().plans.map((plan) => {
    const models = { kind: 'setting', value: plan.key === 'free' ? ['small'] : ['small', 'large'] } as const
    if (plan.key !== 'pro') return { ...plan, features: { ...plan.features, models } }
    const tiers = [{ upTo: 5, amount: 900 }, { upTo: null, amount: 700 }]
    const option = { amount: 900, currency: 'usd', tiers }
    const month = { ...option, perSeat: true, minimum: 2, tiersMode: 'graduated' as const, options: [option] }
    const apiCalls = { kind: 'metered', limit: 500, unit: 'call', interval: 'month', overage: { amount: '0.5', currency: 'usd' } } as const
    return { ...plan, prices: { month }, features: { ...plan.features, apiCalls, members: { kind: 'seats', limit: null, paid: true } as const, models } }
  }),
}

const four: PlansView = {
  plans: mockPlans().plans.flatMap((plan) => (plan.key === 'pro' ? [plan, { ...plan, key: 'team', name: 'Team', recommended: false }] : [plan])),
}

const long: PlansView = {
  plans: mockPlans().plans.map((plan) => ({
    ...plan, name: `${plan.name} Unternehmenskundenpaket`, description: 'Für Abteilungen, die Dokumentverarbeitungseinheiten in großer Zahl abrechnen',
  })),
}

function offlinePlans(plans: PlansView | undefined, more: BillingMockProps): GalleryStates[string] {
  return at(<PricingTable plans={plans} />, { server: 'failing', ...more })
}

function Picker(): React.ReactElement {
  const [seats, setSeats] = React.useState(2)
  return <SeatPicker value={seats} onValueChange={setSeats} min={2} />
}

function Coupon({ code, isRefused }: { readonly code?: string; readonly isRefused?: boolean }): React.ReactElement {
  const [value, setValue] = React.useState(code)
  const faults = [{ path: 'promotionCode', message: 'No such code' }]
  const problem = { type: '/problems/invalid-request', title: '', status: 400, faults }
  return <CouponField value={value} onValueChange={setValue} failure={isRefused ? { status: 400, problem } : undefined} />
}

// Of answers the type is not kept.
const previewAnswer = mockAnswers()['POST /change'] as Extract<ChangePreviewView, { kind: 'change' }>
const preview = <PlanChangePreview plan="pro" interval="year" onBack={() => undefined} />

/** A catalog in which the plan gives less than what there is. */
const smaller: PlansView = {
  plans: mockPlans().plans.map((plan) => {
    const apiCalls = { kind: 'metered', limit: 100, unit: 'call', interval: 'month', overage: null } as const
    return plan.key === 'pro' ? { ...plan, features: { apiCalls } } : plan
  }),
}

const later = { ...previewAnswer, when: 'period-end', at: '2026-12-21T06:30:00.000Z', prorationDate: null, now: null } as const

const problemOf = (name: string, status: number, title: string): Problem => ({ type: `/problems/${name}`, title, status })

const refused: Problem = {
  type: '/problems/quota-exceeded', title: '', status: 429, feature: 'apiCalls', limit: 5, used: 5, lift: { plan: 'pro', limit: 500 },
}

/** A prompt that is asked for, as an app would after a refusal. */
function Asked({ form }: { readonly form: UpgradeForm }): React.ReactElement {
  const [problem, setProblem] = React.useState<Problem>()
  return (
    <>
      <button type="button" data-farebox="" data-button="" onClick={() => setProblem({ ...refused })}>Call the API</button>
      <UpgradePrompt problem={problem} form={form} />
    </>
  )
}

/** Every state of the components about plans. */
export const plansStates: GalleryStates = {
  'PlanBadge, paid': at(<PlanBadge />, { snapshot: paid }),
  'PricingTable, loading': at(<PricingTable />, { server: 'loading' }),
  'PricingTable, failed': at(<PricingTable />, { server: 'failing' }),
  'PricingTable, empty': at(<PricingTable />, { answers: { 'GET /plans': { plans: [] } } }),
  'PricingTable, signed out': offlinePlans(mockPlans(), { snapshot: null }),
  'PricingTable, on the free plan': at(<PricingTable contactUrl="mailto:sales@example.com" />),
  'PricingTable, by year': at(<PricingTable interval="year" contactUrl="mailto:sales@example.com" />),
  'PricingTable, subscribed': at(<PricingTable />, { snapshot: paid }),
  'PricingTable, another interval': at(<PricingTable />, { snapshot: { ...paid, subscription: paid.subscription && { ...paid.subscription, interval: 'year' } } }),
  'PricingTable, ends': at(<PricingTable />, { snapshot: leaving }),
  'PricingTable, somebody else pays': at(<PricingTable />, { snapshot: { ...paid, canManageBilling: false } }),
  'PricingTable, by seat': at(<PricingTable quantity={7} />, { answers: { 'GET /plans': perSeat } }),
  'PricingTable, four plans': at(<PricingTable />, { answers: { 'GET /plans': four } }),
  'PricingTable, long words': at(<PricingTable interval="year" />, { locale: 'de-DE', answers: { 'GET /plans': long } }),
  'PricingTable, as a matrix': at(<PricingTable layout="matrix" contactUrl="mailto:sales@example.com" />),
  'PricingTable, as a matrix, by seat': at(<PricingTable layout="matrix" />, { snapshot: paid, answers: { 'GET /plans': perSeat } }),
  'PricingTable, with questions': at(
    <PricingTable>
      <details>
        <summary>Can I change later?</summary>
        <p>At any time.</p>
      </details>
    </PricingTable>,
  ),
  'PricingCalculator, loading': at(<PricingCalculator />, { server: 'loading' }),
  'PricingCalculator, failed': at(<PricingCalculator />, { server: 'failing' }),
  'PricingCalculator, empty': at(<PricingCalculator />, { answers: { 'GET /plans': { plans: [] } } }),
  'PricingCalculator, by year': at(<PricingCalculator interval="year" />),
  'PricingCalculator, by seat': at(<PricingCalculator quantity={7} />, { answers: { 'GET /plans': perSeat } }),
  'PlanChangePreview, loading': at(preview, { snapshot: paid, server: 'loading' }),
  'PlanChangePreview, failed': at(preview, { snapshot: paid, server: 'failing' }),
  'PlanChangePreview, due now': at(preview, { snapshot: paid }),
  'PlanChangePreview, at the end of the period': at(preview, {
    snapshot: paid,
    answers: { 'POST /change': later },
  }),
  'PlanChangePreview, credited, with tax and a discount': at(preview, {
    snapshot: paid,
    answers: { 'POST /change': { ...previewAnswer, now: { ...previewAnswer.next, lines: previewAnswer.now?.lines, discount: 500, tax: 219, total: -2619, due: -2619 } } },
  }),
  'PlanChangePreview, what becomes less': at(preview, {
    snapshot: { ...paid, usage: { ...paid.usage, apiCalls: mockUsage(320, 500) } }, answers: { 'POST /change': later, 'GET /plans': smaller },
  }),
  'PlanChangePreview, refused': at(preview, { snapshot: paid, answers: { 'POST /change': problemOf('payments-failed', 502, 'The payment service refused') } }),
  'PricingTable, too many attempts': at(<PricingTable />, { answers: { 'GET /plans': problemOf('rate-limited', 429, 'Too many requests') } }),
  'PlanChangePreview, the end': at(preview, { snapshot: paid, answers: { 'POST /change': { kind: 'end', at: '2026-12-21T06:30:00.000Z' } } }),
  'PlanChangePreview, nothing to change': at(preview, { snapshot: paid, answers: { 'POST /change': { kind: 'unchanged' } } }),
  'CancelFlow, loading': at(<CancelFlow />, { snapshot: null, server: 'loading' }),
  'CancelFlow, failed': at(<CancelFlow />, { snapshot: null, server: 'failing' }),
  'CancelFlow, nothing to cancel': at(<CancelFlow />),
  'CancelFlow, subscribed': at(<CancelFlow />, { snapshot: paid }),
  'CancelFlow, ends': at(<CancelFlow />, { snapshot: leaving }),
  'CancelFlow, somebody else pays': at(<CancelFlow />, { snapshot: { ...paid, canManageBilling: false } }),
  'UpgradePrompt, limit reached': at(<UpgradePrompt problem={refused} />),
  'UpgradePrompt, not in the plan': at(<UpgradePrompt problem={{ ...refused, type: '/problems/plan-required', status: 402, feature: 'exports', lift: { plan: 'pro', limit: null } }} />),
  'UpgradePrompt, to be changed': at(<UpgradePrompt problem={refused} />, { snapshot: paid }),
  'UpgradePrompt, payment overdue': at(<UpgradePrompt problem={{ ...refused, type: '/problems/payment-past-due', status: 402 }} />),
  'UpgradePrompt, somebody else pays': at(<UpgradePrompt problem={refused} />, { snapshot: { ...paid, canManageBilling: false } }),
  'UpgradePrompt, as a banner': at(<UpgradePrompt problem={refused} form="banner" />),
  'UpgradePrompt, as a dialog': at(<Asked form="dialog" />),
  'UpgradePrompt, as a toast': at(<Asked form="toast" />),
  CheckoutButton: at(<CheckoutButton plan="pro" interval="month" />),
  PortalButton: at(<PortalButton />),
  SeatPicker: at(<Picker />),
  CouponField: at(<Coupon />),
  'CouponField, applied': at(<Coupon code="SPRING" />),
  'CouponField, refused': at(<Coupon code="WINTER" isRefused />),
}
