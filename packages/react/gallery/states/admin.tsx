import { AdminCustomerPanel, type AdminCustomerPanelProps, PlanEditor, type PlanEditorProps } from '@farebox/react/admin'
import { BillingMock, BillingMockDefaults, type BillingMockProps, mockAdminCustomer, mockAdminCustomers, mockSnapshot, mockUsage } from '@farebox/react/testing'
import type { CatalogData } from '@farebox/core/catalog'
import type { AdminCustomerView } from '@farebox/core/protocol'
import { type ReactElement, useContext } from 'react'
import type { GalleryStates } from '../gallery-states.ts'
import { type Language, languages } from '../languages.ts'

const labels = { apiCalls: 'API calls', tokens: 'Tokens' }

/** The words of admins in the language of all states. */
function useLanguage(): Partial<Language> {
  return languages[useContext(BillingMockDefaults).locale ?? 'en'] ?? {}
}

function Panel(props: AdminCustomerPanelProps): ReactElement {
  const { admin } = useLanguage()
  return <AdminCustomerPanel {...props} {...(admin && { messages: admin })} />
}

function Editor(props: PlanEditorProps): ReactElement {
  const { planEditor } = useLanguage()
  return <PlanEditor {...props} {...(planEditor && { messages: planEditor })} />
}

function panel(props: AdminCustomerPanelProps, answers: NonNullable<BillingMockProps['answers']> = {}, more: BillingMockProps = {}) {
  return (): ReactElement => (
    <BillingMock labels={labels} answers={answers} {...more}>
      <Panel {...props} />
    </BillingMock>
  )
}

function customer(view: Partial<AdminCustomerView>, more: BillingMockProps = {}) {
  return panel({ defaultCustomer: 'ann' }, { 'GET /admin/customer': mockAdminCustomer(view) }, more)
}

const usd = (minor: string) => ({ currency: 'usd', minor })
const calls = (amount: number | null) => ({ kind: 'metered', amount, interval: 'month', overagePrice: null })

/** A catalog with a feature of each kind. */
export const catalogData: CatalogData = {
  features: {
    apiCalls: { kind: 'metered', onError: 'deny', unit: 'call', anchor: 'customer', acceptLossy: false, lease: null },
    exports: { kind: 'toggle', onError: 'deny' },
    models: { kind: 'setting', onError: 'deny' },
    members: { kind: 'seats', onError: 'deny', acceptLossy: false },
  },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: calls(5), models: ['small'], members: 1 } },
    pro: {
      name: 'Pro', description: 'For daily work', recommended: true, trialDays: 14, prices: { month: usd('2900'), year: usd('29000') },
      features: { apiCalls: { ...calls(500), overagePrice: usd('10') }, exports: true, models: ['small', 'large'], members: 5 },
    },
    team: {
      name: 'Team',
      prices: { month: { kind: 'seat-price', mode: 'graduated', minimum: 2, tiers: [{ upTo: 10, each: usd('1200') }, { upTo: null, each: usd('900') }] } },
      features: { apiCalls: calls(null), exports: true, members: 'paid' },
    },
  },
}

/** The same with everything else that a catalog can say. */
export const wholeCatalog: CatalogData = {
  ...catalogData,
  plans: Object.fromEntries(Object.entries(catalogData.plans).map(([key, plan]) => [key, key === 'pro' ? { ...plan, gates: { apiCalls: ['100/minute', { limit: 1000, per: 'hour', burst: 50 }] } } : plan])),
  packs: {
    small: { name: 'Small pack', price: usd('1000'), grants: { apiCalls: 100 } },
    large: { name: 'Large pack', price: [usd('5000'), { currency: 'eur', minor: '4500' }], grants: { apiCalls: 1000 }, expiresAfterDays: 365, refunds: 'keep' },
  },
  moves: { downgrade: { when: 'now', proration: 'next-invoice' }, pairs: { team: { pro: { when: 'period-end', proration: 'none' } } } },
  lifecycle: { access: { unpaid: 'grace' }, graceDays: 3 },
}

function withPro(pro: Partial<CatalogData['plans'][string]>): CatalogData {
  const plans = Object.entries(catalogData.plans).map(([key, plan]) => [key, key === 'pro' ? { ...plan, ...pro } : plan] as const)
  return { ...catalogData, plans: Object.fromEntries(plans) }
}

function editor(defaultValue: CatalogData, defaultOpen: readonly string[] = []) {
  return (): ReactElement => (
    <BillingMock labels={{ ...labels, exports: 'Exports', models: 'Models' }}>
      <Editor pushed={catalogData} defaultValue={defaultValue} defaultOpen={defaultOpen} />
    </BillingMock>
  )
}

const unused: AdminCustomerView['explanation'] = {
  apiCalls: [{ source: 'allowance', key: null, amount: 5, used: 0, reserved: 0, priority: 50, expiresAt: '2026-12-01T00:00:00.000Z', reason: null }],
}

/** Every state of the components about admin. */
export const adminStates: GalleryStates = {
  'AdminCustomerPanel, at first': panel({}),
  'AdminCustomerPanel, search loading': panel({ defaultSearch: 'ann@example.com' }, {}, { server: 'loading' }),
  'AdminCustomerPanel, found': panel({ defaultSearch: 'ann@example.com' }, { 'GET /admin/customers': mockAdminCustomers() }),
  'AdminCustomerPanel, nobody found': panel({ defaultSearch: 'nobody@example.com' }, { 'GET /admin/customers': { customers: [] } }),
  'AdminCustomerPanel, search failed': panel({ defaultSearch: 'ann@example.com' }, {}, { server: 'failing' }),
  'AdminCustomerPanel, search asked too often': panel({ defaultSearch: 'ann@example.com' }, { 'GET /admin/customers': { type: '/problems/rate-limited', title: '', status: 429 } }),
  'AdminCustomerPanel, customer loading': panel({ defaultCustomer: 'ann' }, {}, { server: 'loading' }),
  'AdminCustomerPanel, customer failed': panel({ defaultCustomer: 'ann' }, {}, { server: 'failing' }),
  'AdminCustomerPanel, customer': customer({}),
  'AdminCustomerPanel, new customer': customer({
    snapshot: mockSnapshot({ usage: { apiCalls: mockUsage(0, 5) } }), name: null, email: null, paymentCustomer: null, overrides: [], audit: [],
    explanation: unused,
  }),
  'AdminCustomerPanel, unlimited': customer({
    snapshot: mockSnapshot({ usage: { apiCalls: mockUsage(123_456, null) } }),
    explanation: { apiCalls: [{ source: 'allowance', key: null, amount: null, used: 123_456, reserved: 0, priority: 50, expiresAt: null, reason: null }] },
  }),
  'AdminCustomerPanel, nothing is counted': customer({ snapshot: mockSnapshot({ usage: {} }), explanation: {}, overrides: [], audit: [] }),
  'AdminCustomerPanel, features that are not counted': customer({
    explanation: unused,
    snapshot: mockSnapshot({
      usage: { apiCalls: mockUsage(0, 5) },
      entitlements: {
        exports: { terms: { kind: 'toggle', on: true }, source: 'override', onError: 'deny' },
        sso: { terms: { kind: 'toggle', on: false }, source: 'default', onError: 'deny' },
        models: { terms: { kind: 'setting', value: ['small', 'large'] }, source: 'default', onError: 'deny' },
        members: { terms: { kind: 'seats', limit: null }, source: 'subscription', onError: 'deny' },
      },
    }),
  }),
  'AdminCustomerPanel, long words': customer(
    { name: 'Dokumentverarbeitungsgesellschaft Oberammergau', email: 'ausserordentlich.lange.adresse.einer.gesellschaft@oberammergau.example.com' },
    { locale: 'de-DE', labels: { apiCalls: 'Dokumentverarbeitungseinheiten im Abrechnungszeitraum' } },
  ),
  'PlanEditor, as it was pushed': editor(catalogData),
  'PlanEditor, open': editor(catalogData, ['pro', 'team']),
  'PlanEditor, changed': editor(withPro({ name: 'Professional', prices: { month: usd('3500') } })),
  'PlanEditor, with faults': editor(withPro({ name: '', trialDays: 900, prices: { month: usd('') } }), ['pro']),
  'PlanEditor, with gates, packs and rules': editor(wholeCatalog, ['pro']),
  'PlanEditor, with faults in packs and rules': editor({
    ...wholeCatalog,
    packs: { small: { name: '', price: usd(''), grants: {} } },
    moves: { upgrade: { when: 'period-end', proration: 'invoice' }, pairs: { team: { gone: { when: 'now' } } } },
    lifecycle: { access: { canceled: 'full' }, graceDays: 400 },
  }),
  'PlanEditor, with faults in features': editor({
    ...catalogData,
    features: {
      ...catalogData.features,
      apiCalls: { kind: 'metered', onError: 'deny', unit: '', anchor: 'calendar', acceptLossy: false, lease: { most: 1, idle: 1000 } },
    },
  }),
  'PlanEditor, without plans': editor({ ...catalogData, plans: {} }),
}
