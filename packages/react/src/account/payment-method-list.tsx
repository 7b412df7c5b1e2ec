import type { PaymentMethodView, PaymentMethodsView } from '@farebox/core/protocol'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import type { BlockProps } from '../parts/reading-block.tsx'
import { PortalButton } from '../plans/portal-button.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import { useSnapshot } from '../provider/use-snapshot.ts'
import { accountBlock } from './account-block.tsx'
import { paymentEnglish } from './payment-messages.ts'
import { usePaymentMethods } from './use-payment-methods.ts'

/** Props of {@link PaymentMethodList}. */
export type PaymentMethodListProps = BlockProps<PaymentMethodsView>

/** How the customer pays, in words, and the button to the portal, in which that is changed. */
export function PaymentMethodList({ empty, children: make, ...props }: PaymentMethodListProps): React.ReactElement {
  const { paymentMethodsTitle, noPaymentMethods, updatePaymentMethods, addPaymentMethod } = useMessages(paymentEnglish)
  const reading = usePaymentMethods()
  const { data } = reading
  const methods = data?.paymentMethods ?? []
  return accountBlock(props, 'payment-method-list', reading, {
    title: paymentMethodsTitle,
    isEmpty: false,
    emptyText: noPaymentMethods,
    lines: 5,
    children: (
      <>
        {!data || methods.length === 0
          ? (empty ?? <EmptyState>{noPaymentMethods}</EmptyState>)
          : make ? make(data) : <ul>{methods.map((method) => <PaymentMethod key={method.id} {...method} />)}</ul>}
        <div><PortalButton>{methods.length > 0 ? updatePaymentMethods : addPaymentMethod}</PortalButton></div>
      </>
    ),
  })
}

function PaymentMethod(method: PaymentMethodView): React.ReactElement {
  const { date } = useBillingContext().format
  const messages = useMessages(paymentEnglish)
  const { data: now = '' } = useSnapshot(({ asOf }) => asOf.slice(0, 7))
  const { expires, isDefault } = method
  const month = expires && `${expires.year}-${String(expires.month).padStart(2, '0')}`
  const isExpired = !!month && month < now
  return (
    <li data-row="" data-tone={isExpired ? 'critical' : undefined}>
      <div>
        {messages.paymentMethod(method)}
        {month && (
          <div data-quiet="" data-slot="payment-method-expires">
            {messages.methodExpires(date(`${month}-15T12:00:00.000Z`, { month: 'short', year: 'numeric' }), isExpired)}
          </div>
        )}
      </div>
      {isDefault && <span data-tag="">{messages.defaultMethod}</span>}
    </li>
  )
}
