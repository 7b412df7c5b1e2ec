import { AdminCustomerPanel, type AdminCustomerPanelProps } from '@farebox/react/admin'
import { BillingMock, type BillingMockProps, mockAdminCustomer, mockAdminCustomers, mockSnapshot, mockUsage } from '@farebox/react/testing'
import type { AdminCustomerView } from '@farebox/core/protocol'
import type { ReactElement } from 'react'
import type { GalleryStates } from '../gallery-states.ts'

const labels = { apiCalls: 'API calls', tokens: 'Tokens' }

function panel(props: AdminCustomerPanelProps, answers: NonNullable<BillingMockProps['answers']> = {}, more: BillingMockProps = {}) {
  return (): ReactElement => (
    <BillingMock labels={labels} answers={answers} {...more}>
      <AdminCustomerPanel {...props} />
    </BillingMock>
  )
}

function customer(view: Partial<AdminCustomerView>, more: BillingMockProps = {}) {
  return panel({ defaultCustomer: 'ann' }, { 'GET /admin/customer': mockAdminCustomer(view) }, more)
}

/** Every state of the components about admin. */
export const adminStates: GalleryStates = {
  'AdminCustomerPanel, at first': panel({}),
  'AdminCustomerPanel, search loading': panel({ defaultSearch: 'ann@example.com' }, {}, { server: 'loading' }),
  'AdminCustomerPanel, found': panel({ defaultSearch: 'ann@example.com' }, { 'GET /admin/customers': mockAdminCustomers() }),
  'AdminCustomerPanel, nobody found': panel({ defaultSearch: 'nobody@example.com' }, { 'GET /admin/customers': { customers: [] } }),
  'AdminCustomerPanel, search failed': panel({ defaultSearch: 'ann@example.com' }, {}, { server: 'failing' }),
  'AdminCustomerPanel, customer loading': panel({ defaultCustomer: 'ann' }, {}, { server: 'loading' }),
  'AdminCustomerPanel, customer failed': panel({ defaultCustomer: 'ann' }, {}, { server: 'failing' }),
  'AdminCustomerPanel, customer': customer({}),
  'AdminCustomerPanel, new customer': customer({
    snapshot: mockSnapshot({ usage: { apiCalls: mockUsage(0, 5) } }), name: null, email: null, paymentCustomer: null, overrides: [], audit: [],
    explanation: {
      apiCalls: [{ source: 'allowance', key: null, amount: 5, used: 0, reserved: 0, priority: 50, expiresAt: '2026-12-01T00:00:00.000Z', reason: null }],
    },
  }),
  'AdminCustomerPanel, unlimited': customer({
    snapshot: mockSnapshot({ usage: { apiCalls: mockUsage(123_456, null) } }),
    explanation: { apiCalls: [{ source: 'allowance', key: null, amount: null, used: 123_456, reserved: 0, priority: 50, expiresAt: null, reason: null }] },
  }),
  'AdminCustomerPanel, nothing is counted': customer({ snapshot: mockSnapshot({ usage: {} }), explanation: {}, overrides: [], audit: [] }),
  'AdminCustomerPanel, long words': customer(
    { name: 'Dokumentverarbeitungsgesellschaft Oberammergau', email: 'ausserordentlich.lange.adresse.einer.gesellschaft@oberammergau.example.com' },
    { locale: 'de-DE', labels: { apiCalls: 'Dokumentverarbeitungseinheiten im Abrechnungszeitraum' } },
  ),
}
