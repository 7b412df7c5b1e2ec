import type {
  ChangePreviewView, CreditsView, InvoiceView, InvoicesView, PaymentMethodsView, PlanPriceView, PlanView, PlansView, SeatsView, TermsView, UpcomingView,
  UsageHistoryView,
} from '@farebox/core/protocol'

/** What the billing routes answer: method and path, with or without the query, and the answer. */
export type MockAnswers = Readonly<Record<string, object>>

function plan(key: string, name: string, more: Partial<PlanView>): PlanView {
  return {
    key, name, description: null, default: false, recommended: false, contactSales: false, trialDays: 0, prices: {}, features: {}, ...more,
  }
}

function calls(limit: number | null): TermsView {
  return { kind: 'metered', limit, unit: 'call', interval: 'month', overage: null }
}

function price(usd: number, eur: number): PlanPriceView {
  const options = [{ amount: usd, currency: 'usd', tiers: null }, { amount: eur, currency: 'eur', tiers: null }] as const
  return { amount: usd, currency: 'usd', tiers: null, perSeat: false, minimum: 1, tiersMode: null, options }
}

/** A public catalog of three plans: one for nothing, one for sale, one to ask for. */
export function mockPlans(): PlansView {
  return {
    plans: [
      plan('free', 'Free', {
        default: true,
        description: 'To try it',
        features: { apiCalls: calls(5), exports: { kind: 'toggle', on: false }, members: { kind: 'seats', limit: 1 } },
      }),
      plan('pro', 'Pro', {
        recommended: true,
        trialDays: 14,
        description: 'For daily work',
        prices: { month: price(2900, 2700), year: price(29000, 27000) },
        features: { apiCalls: calls(500), exports: { kind: 'toggle', on: true }, members: { kind: 'seats', limit: 5 } },
      }),
      plan('enterprise', 'Enterprise', {
        contactSales: true,
        description: 'For large teams',
        features: { apiCalls: calls(null), exports: { kind: 'toggle', on: true }, members: { kind: 'seats', limit: null } },
      }),
    ],
  }
}

function invoice(id: string, month: string, more: Partial<InvoiceView> = {}): InvoiceView {
  return {
    id, number: `F-${id}`, status: 'paid', createdAt: `2026-${month}-21T06:30:00.000Z`, periodStart: `2026-${month}-21T06:30:00.000Z`,
    periodEnd: `2026-${String(Number(month) + 1).padStart(2, '0')}-21T06:30:00.000Z`, dueAt: null, currency: 'usd', total: 2900, due: 0,
    url: `https://pay.example.com/${id}`, pdf: `https://pay.example.com/${id}.pdf`, ...more,
  }
}

function invoices(): InvoicesView {
  return { invoices: [invoice('0003', '11', { status: 'open', due: 2900 }), invoice('0002', '10'), invoice('0001', '09')], next: null }
}

const nextInvoice = {
  currency: 'usd',
  lines: [
    {
      description: '1 × Pro (at $29.00 / month)', amount: 2900, quantity: 1, proration: false,
      periodStart: '2026-12-21T06:30:00.000Z', periodEnd: '2027-01-21T06:30:00.000Z',
    },
  ],
  subtotal: 2900, discount: 0, tax: 0, total: 2900, due: 2900,
}

/** What every billing route answers unless said otherwise. */
export function mockAnswers(): MockAnswers {
  const upcoming: UpcomingView = { upcoming: { at: '2026-12-21T06:30:00.000Z', invoice: nextInvoice } }
  const paymentMethods: PaymentMethodsView = {
    paymentMethods: [
      { id: 'pm_1', kind: 'card', brand: 'visa', last4: '4242', expires: { month: 4, year: 2030 }, isDefault: true },
      { id: 'pm_2', kind: 'sepa_debit', brand: null, last4: '3000', expires: null, isDefault: false },
    ],
  }
  const seats: SeatsView = {
    seats: {
      members: {
        used: 2, limit: 5, remaining: 3,
        members: [{ member: 'ann', since: '2026-01-05T09:00:00.000Z' }, { member: 'bob', since: '2026-03-14T09:00:00.000Z' }],
      },
    },
  }
  const usage: UsageHistoryView = {
    feature: 'apiCalls', unit: 'call',
    periods: [120, 340, 280, 410, 505, 6].map((used, index) => ({
      periodStart: `2026-${String(index + 6).padStart(2, '0')}-01T00:00:00.000Z`, used: Math.min(used, 500), overage: Math.max(0, used - 500),
    })),
  }
  const credits: CreditsView = {
    grants: [
      {
        id: 'welcome', feature: 'apiCalls', amount: 100, used: 40, remaining: 60, priority: 10,
        effectiveAt: '2026-11-01T00:00:00.000Z', expiresAt: '2026-12-31T00:00:00.000Z',
      },
      {
        id: 'support', feature: 'apiCalls', amount: 50, used: 0, remaining: 50, priority: 20,
        effectiveAt: '2026-11-10T00:00:00.000Z', expiresAt: null,
      },
    ],
  }
  const preview: ChangePreviewView = {
    kind: 'change', when: 'now', at: '2026-11-21T06:30:00.000Z', prorationDate: '2026-11-21T06:30:00.000Z',
    now: {
      currency: 'usd',
      lines: [
        {
          description: 'Unused time on Pro after 21 Nov 2026', amount: -2900, quantity: 1, proration: true,
          periodStart: '2026-11-21T06:30:00.000Z', periodEnd: '2026-12-21T06:30:00.000Z',
        },
        {
          description: '1 × Pro (at $290.00 / year)', amount: 29000, quantity: 1, proration: false,
          periodStart: '2026-11-21T06:30:00.000Z', periodEnd: '2027-11-21T06:30:00.000Z',
        },
      ],
      subtotal: 26100, discount: 0, tax: 0, total: 26100, due: 26100,
    },
    next: { ...nextInvoice, subtotal: 29000, total: 29000, due: 29000 },
  }
  return {
    'GET /plans': mockPlans(),
    'GET /invoices': invoices(),
    'GET /upcoming': upcoming,
    'GET /payment-methods': paymentMethods,
    'GET /seats': seats,
    'GET /usage': usage,
    'GET /credits': credits,
    'POST /change': preview,
    'POST /checkout': { url: 'https://pay.example.com/checkout' },
    'POST /portal': { url: 'https://pay.example.com/portal' },
  }
}
