import type { AdminCustomerView } from '@farebox/core/protocol'
import type * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import { useAdminWords } from './admin-context.ts'

/** Who a customer is and what they have: their ids, plan and subscription. */
export function CustomerIdentity({ view }: { readonly view: AdminCustomerView }): React.ReactElement {
  const words = useAdminWords()
  const { format } = useBillingContext()
  const { snapshot: { customer, planName, planSource, status, subscription, trial }, email, paymentCustomer } = view
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    [words.customerId, customer],
    [words.email, email],
    [words.paymentCustomer, paymentCustomer],
    [words.fieldPlan, `${planName}, ${words.planOf(planSource)}`],
    [words.subscription, status === 'none' ? null : words.status(status)],
    [words.period, subscription && words.periodOf(format.date(subscription.currentPeriodStart), format.date(subscription.currentPeriodEnd))],
    [words.trialEnds, trial && format.date(trial.endsAt)],
    [words.columnEnds, subscription?.cancelAt && format.date(subscription.cancelAt)],
  ]
  return (
    <dl data-slot="admin-facts">
      {facts.map(([name, value]) => value && (
        <div key={name}>
          <dt data-quiet="">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
