'use client'

import { BillingDashboard as Dashboard } from '@farebox/react'
import type { ComponentProps } from 'react'
import { BillingNotice } from './billing-notice'
import { CancelFlow } from './cancel-flow'
import { billing, join } from './classes'
import { InvoiceList } from './invoice-list'
import { PaymentMethodList } from './payment-method-list'
import { PricingTable } from './pricing-table'
import { UpcomingBill } from './upcoming-bill'
import { UsageDashboard } from './usage-dashboard'

const page = 'grid gap-8 lg:grid-cols-2 [&>section]:grid [&>section]:content-start [&>section]:gap-3'

/** A whole billing page. Move, take away and add sections. */
export function BillingDashboard({ className, ...props }: Omit<ComponentProps<typeof Dashboard.Root>, 'className' | 'children'> & { className?: string }) {
  return (
    <Dashboard.Root {...props} className={join(billing, page, className)}>
      <BillingNotice className="lg:col-span-2" />
      <Dashboard.Section name="usage" className="lg:col-span-2"><UsageDashboard /></Dashboard.Section>
      <Dashboard.Section name="plan" />
      <Dashboard.Section name="period" />
      <Dashboard.Section name="upcoming"><UpcomingBill /></Dashboard.Section>
      <Dashboard.Section name="paymentMethods"><PaymentMethodList /></Dashboard.Section>
      <Dashboard.Section name="invoices" className="lg:col-span-2"><InvoiceList /></Dashboard.Section>
      <Dashboard.Section name="planChange" className="lg:col-span-2">
        <PricingTable />
        <CancelFlow />
      </Dashboard.Section>
    </Dashboard.Root>
  )
}
