import type * as React from 'react'
import { PricingTable } from '../plans/pricing-table.tsx'
import { InvoiceList } from './invoice-list.tsx'
import { PaymentMethodList } from './payment-method-list.tsx'
import { SeatList } from './seat-list.tsx'
import { UpcomingBill } from './upcoming-bill.tsx'

/** The sections that only those see who manage the billing, in one file: several smaller ones weigh more. */
export const managerSections: Readonly<Record<'seats' | 'upcoming' | 'paymentMethods' | 'invoices' | 'planChange', React.ComponentType>> = {
  seats: SeatList,
  upcoming: UpcomingBill,
  paymentMethods: PaymentMethodList,
  invoices: InvoiceList,
  planChange: PricingTable,
}
