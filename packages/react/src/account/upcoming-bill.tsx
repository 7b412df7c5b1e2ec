import type { InvoicePreviewView, UpcomingView } from '@farebox/core/protocol'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import type { BlockProps } from '../parts/reading-block.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import { accountBlock } from './account-block.tsx'
import { paymentEnglish } from './payment-messages.ts'
import { useUpcoming } from './use-upcoming.ts'

/** Props of {@link UpcomingBill}. */
export type UpcomingBillProps = BlockProps<UpcomingView>

/** What the next invoice comes to, when it is made, and its lines: the payment service's own numbers. */
export function UpcomingBill(props: UpcomingBillProps): React.ReactElement {
  const { format } = useBillingContext()
  const messages = useMessages(paymentEnglish)
  const reading = useUpcoming()
  const { at, invoice } = reading.data?.upcoming ?? {}
  return accountBlock(props, 'upcoming-bill', reading, {
    title: messages.upcomingTitle,
    isEmpty: !invoice,
    emptyText: messages.noUpcoming,
    lines: 4,
    children: invoice && (
      <>
        <div>
          <div data-slot="upcoming-amount">{format.money({ amount: invoice.due, currency: invoice.currency })}</div>
          {at && <div data-quiet="">{messages.billedOn(format.date(at))}</div>}
        </div>
        <UpcomingLines {...invoice} />
      </>
    ),
  })
}

function UpcomingLines({ currency, lines, discount, tax, total, due }: InvoicePreviewView): React.ReactElement {
  const { money } = useBillingContext().format
  const messages = useMessages(paymentEnglish)
  const row = (key: React.Key, text: string, amount: number): React.ReactElement => (
    <div key={key} data-row="">
      <dt>{text}</dt>
      <dd>{money({ amount, currency })}</dd>
    </div>
  )
  return (
    <dl data-numbers="">
      {lines.map(({ description, amount }, index) => row(index, description ?? messages.otherLine, amount))}
      {discount > 0 && row('discount', messages.discount, -discount)}
      {tax > 0 && row('tax', messages.tax, tax)}
      {due !== total && row('total', messages.total, total)}
    </dl>
  )
}
