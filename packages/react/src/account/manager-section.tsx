import type * as React from 'react'
import { PricingTable } from '../plans/pricing-table.tsx'
import type { DashboardSection } from './dashboard-messages.ts'
import { InvoiceList } from './invoice-list.tsx'
import { PaymentMethodList } from './payment-method-list.tsx'
import { SeatList } from './seat-list.tsx'
import { UpcomingBill } from './upcoming-bill.tsx'

/** The sections that those alone see who manage the billing. */
export type ManagerSectionName = Extract<DashboardSection, 'seats' | 'upcoming' | 'paymentMethods' | 'invoices' | 'planChange'>

const sections: Readonly<Record<ManagerSectionName, React.ComponentType>> = {
  seats: SeatList,
  upcoming: UpcomingBill,
  paymentMethods: PaymentMethodList,
  invoices: InvoiceList,
  planChange: PricingTable,
}

/** What stands in such a section unless something else is given. */
export function ManagerSection({ name }: { readonly name: ManagerSectionName }): React.ReactElement {
  const Section = sections[name]
  return <Section />
}
