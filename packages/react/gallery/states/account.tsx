import {
  BillingDashboard, BillingNotice, DunningBanner, FeatureGate, InvoiceList, PaymentMethodList, PlanGate, QuotaGate, SeatList, TrialCountdown,
  UpcomingBill,
} from '@farebox/react'
import { BillingMock, type BillingMockProps, mockAnswers, mockPaidSnapshot, mockSnapshot, mockUsage } from '@farebox/react/testing'
import type { CreditsView, InvoicesView, NoticeView, PaymentMethodsView, UpcomingView } from '@farebox/core/protocol'
import type { ReactElement } from 'react'
import type { GalleryStates } from '../gallery-states.ts'

const labels = { apiCalls: 'API calls', tokens: 'Tokens', members: 'Members', exports: 'Exports' }

/** A component for a customer who pays. */
function at(element: ReactElement, props: BillingMockProps = {}) {
  return (): ReactElement => (
    <BillingMock labels={labels} snapshot={mockPaidSnapshot()} {...props}>
      {element}
    </BillingMock>
  )
}

const days = { past: '2026-11-14T06:30:00.000Z', soon: '2026-11-23T06:30:00.000Z', later: '2026-12-21T06:30:00.000Z' }
const payment = { url: 'https://pay.example.com/0003', due: { amount: 2900, currency: 'usd' } }

function noticed(element: ReactElement, notices: readonly NoticeView[], props: BillingMockProps = {}) {
  return at(element, { snapshot: mockPaidSnapshot({ notices }), ...props })
}

function noticeStates(element: ReactElement): GalleryStates {
  const notices: Readonly<Record<string, readonly NoticeView[]>> = {
    'access ended': [{ kind: 'access-ended', at: days.past }, { kind: 'payment-failed', at: null, ...payment }],
    'payments mismatch': [{ kind: 'payments-mismatch', at: null }],
    'trial ended without a card': [{ kind: 'trial-ended-without-card', at: days.past }],
    'to be confirmed': [{ kind: 'payment-action-required', at: null, ...payment }],
    'past due': [{ kind: 'payment-past-due', at: days.soon }, { kind: 'payment-failed', at: null, ...payment }],
    paused: [{ kind: 'paused', at: days.later }],
    'cancellation scheduled': [{ kind: 'cancellation-scheduled', at: days.later }],
    'change scheduled': [{ kind: 'change-scheduled', at: days.later, plan: 'enterprise', interval: 'year' }],
    'trial ending': [{ kind: 'trial-ending', at: days.soon }],
    'card expiring': [{ kind: 'card-expiring', at: days.later, brand: 'visa', last4: '4242' }],
  }
  return Object.fromEntries(Object.entries(notices).map(([name, some]) => [`BillingNotice, ${name}`, noticed(element, some)]))
}

// Of answers the type is not kept.
const { invoices } = mockAnswers()['GET /invoices'] as InvoicesView
const { upcoming } = mockAnswers()['GET /upcoming'] as UpcomingView
const { paymentMethods } = mockAnswers()['GET /payment-methods'] as PaymentMethodsView
const [open, ...paid] = invoices
const overdue: readonly NoticeView[] = [{ kind: 'payment-past-due', at: days.soon }, { kind: 'payment-failed', at: null, ...payment }]

/** States of what reads a route about money. */
function moneyStates(name: string, element: ReactElement, empty: BillingMockProps['answers'] = {}): GalleryStates {
  return {
    [`${name}, loading`]: at(element, { server: 'loading' }),
    [`${name}, failed`]: at(element, { snapshot: null, server: 'failing' }),
    [`${name}, without the route`]: at(element, { answers: { 'GET /invoices': {}, 'GET /upcoming': {}, 'GET /payment-methods': {}, 'GET /seats': {} } }),
    [`${name}, empty`]: at(element, { answers: empty }),
    [`${name}, somebody else pays`]: at(element, { snapshot: mockPaidSnapshot({ canManageBilling: false }) }),
    [`${name}, there`]: at(element),
  }
}

const manyInvoices: InvoicesView = {
  invoices: open
    ? [
        { ...open, total: 120_000, due: 20_000 }, { ...open, id: 'none', number: null, status: 'uncollectible', pdf: null },
        ...paid, { ...open, id: 'void', number: 'F-0000', status: 'void', due: 0, url: null, pdf: null },
      ]
    : [],
  next: 'void',
}

const line = upcoming?.invoice.lines[0]

const longBill: UpcomingView = {
  upcoming: upcoming && line ? {
    ...upcoming,
    invoice: {
      ...upcoming.invoice, currency: 'eur', discount: 500, tax: 456, total: 285_600, due: 283_000,
      lines: [
        { ...line, description: '12 × Unternehmenslizenz mit Dokumentverarbeitung (zu 240,00 € / Monat)', amount: 288_000 },
        { ...line, description: null, amount: -2356 },
      ],
    },
  } : null,
}

const manyMethods: PaymentMethodsView = {
  paymentMethods: [
    ...paymentMethods,
    { id: 'old', kind: 'card', brand: 'amex', last4: '0005', expires: { month: 2, year: 2025 }, isDefault: false },
    { id: 'new', kind: 'revolut_pay', brand: null, last4: null, expires: null, isDefault: false },
  ],
}

function gateStates(name: string, gateOf: (fallback: ReactElement, children: ReactElement) => ReactElement, closed: BillingMockProps): GalleryStates {
  const element = gateOf(<p data-farebox="">In place of it</p>, <p data-farebox="">What is behind the gate</p>)
  return {
    [`${name}, loading`]: at(element, { snapshot: null, server: 'loading' }),
    [`${name}, closed`]: at(element, closed),
    [`${name}, open`]: at(element),
  }
}

/** Somebody with everything that a billing page can show. */
const paying = mockPaidSnapshot({
  status: 'trialing',
  trial: { endsAt: days.later },
  notices: [{ kind: 'change-scheduled', at: days.later, plan: 'enterprise', interval: 'year' }, { kind: 'card-expiring', at: days.later, brand: 'visa', last4: '4242' }],
  usage: {
    apiCalls: mockUsage(412, 500), tokens: mockUsage(1_260_000, 2_000_000, { unit: 'token' }), exports: mockUsage(3, null, { unit: 'export' }),
  },
  grants: (mockAnswers()['GET /credits'] as CreditsView).grants,
})

/** Somebody in the middle of a month, whose card is about to expire. */
const usual: BillingMockProps = {
  snapshot: { ...paying, status: 'active', trial: null, notices: [{ kind: 'card-expiring', at: '2026-12-31T23:59:59.000Z', brand: 'visa', last4: '4242' }] },
  answers: {
    'GET /invoices': { invoices: invoices.map((invoice) => ({ ...invoice, status: 'paid', due: 0 })), next: null },
    'GET /payment-methods': {
      paymentMethods: paymentMethods.map((method) => (method.kind === 'card' ? { ...method, expires: { month: 12, year: 2026 } } : method)),
    },
  },
}

const nothing: BillingMockProps['answers'] = {
  'GET /invoices': { invoices: [], next: null }, 'GET /upcoming': { upcoming: null }, 'GET /payment-methods': { paymentMethods: [] },
  'GET /seats': { seats: {} },
}

/** Every state of the components about account. */
export const accountStates: GalleryStates = {
  'BillingNotice, none': noticed(<BillingNotice />, []),
  ...noticeStates(<BillingNotice />),
  'BillingNotice, somebody else pays': noticed(<BillingNotice />, [], {
    snapshot: mockPaidSnapshot({ canManageBilling: false, notices: overdue }),
  }),
  'DunningBanner, past due': noticed(<DunningBanner />, overdue),
  'DunningBanner, to be confirmed': noticed(<DunningBanner />, [{ kind: 'payment-action-required', at: null, ...payment }]),
  'DunningBanner, nothing owed': noticed(<DunningBanner />, [{ kind: 'trial-ending', at: days.soon }]),
  'TrialCountdown, days left': at(<TrialCountdown />, { snapshot: mockPaidSnapshot({ status: 'trialing', trial: { endsAt: days.later } }) }),
  'TrialCountdown, last day': at(<TrialCountdown />, {
    snapshot: mockPaidSnapshot({ status: 'trialing', trial: { endsAt: '2026-11-21T20:00:00.000Z' } }),
  }),
  'TrialCountdown, no trial': at(<TrialCountdown />),
  ...moneyStates('InvoiceList', <InvoiceList />, { 'GET /invoices': { invoices: [], next: null } }),
  'InvoiceList, of every kind, with more': at(<InvoiceList />, { answers: { 'GET /invoices': manyInvoices } }),
  ...moneyStates('PaymentMethodList', <PaymentMethodList />, { 'GET /payment-methods': { paymentMethods: [] } }),
  'PaymentMethodList, of every kind': at(<PaymentMethodList />, { answers: { 'GET /payment-methods': manyMethods } }),
  ...moneyStates('UpcomingBill', <UpcomingBill />, { 'GET /upcoming': { upcoming: null } }),
  'UpcomingBill, long words': at(<UpcomingBill />, { locale: 'de-DE', answers: { 'GET /upcoming': longBill } }),
  ...moneyStates('SeatList', <SeatList />, { 'GET /seats': { seats: {} } }),
  'SeatList, over the limit': at(<SeatList />, {
    answers: { 'GET /seats': { seats: { members: { used: 7, limit: 5, remaining: 0, members: [] }, guests: { used: 12, limit: null, remaining: null, members: [] } } } },
  }),
  'BillingDashboard, loading': at(<BillingDashboard />, { snapshot: null, server: 'loading' }),
  'BillingDashboard, failed': at(<BillingDashboard />, { snapshot: null, server: 'failing' }),
  'BillingDashboard, without the routes about money': at(<BillingDashboard />, {
    answers: { 'GET /invoices': {}, 'GET /upcoming': {}, 'GET /payment-methods': {}, 'GET /seats': {}, 'GET /plans': {} },
  }),
  'BillingDashboard, who pays': at(<BillingDashboard />, { snapshot: paying }),
  'BillingDashboard, on most days': at(<BillingDashboard />, usual),
  'BillingDashboard, past due': at(<BillingDashboard sections={['notices', 'plan', 'upcoming', 'invoices']} />, {
    snapshot: mockPaidSnapshot({ status: 'past_due', notices: overdue }),
  }),
  'BillingDashboard, somebody else pays': at(<BillingDashboard />, { snapshot: { ...paying, canManageBilling: false } }),
  'BillingDashboard, nothing bought': at(<BillingDashboard />, { snapshot: mockSnapshot(), answers: nothing }),
  'BillingDashboard, with a section of its own': at(
    <BillingDashboard.Root level={3}>
      <BillingDashboard.Section name="invoices" title="Receipts" />
      <BillingDashboard.Section title="Team"><p data-surface="">Ann and Bob</p></BillingDashboard.Section>
      <BillingDashboard.Section name="plan" />
    </BillingDashboard.Root>,
  ),
  ...gateStates('PlanGate', (fallback, children) => <PlanGate plan="pro" fallback={fallback}>{children}</PlanGate>, { snapshot: mockSnapshot() }),
  ...gateStates('FeatureGate', (fallback, children) => <FeatureGate feature="apiCalls" fallback={fallback}>{children}</FeatureGate>, {
    snapshot: mockSnapshot({ usage: {}, entitlements: {} }),
  }),
  ...gateStates('QuotaGate', (fallback, children) => <QuotaGate feature="apiCalls" fallback={fallback}>{children}</QuotaGate>, {
    snapshot: mockSnapshot({ usage: { apiCalls: mockUsage(5, 5) } }),
  }),
}
