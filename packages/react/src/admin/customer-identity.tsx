import type { AdminCustomerView, TermsView } from '@farebox/core/protocol'
import type * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import { useAdminWords } from './admin-context.ts'
import { CustomerSection, Facts } from './customer-section.tsx'

/** Who a customer is and what they have: their ids, plan and subscription. */
export function CustomerIdentity({ view }: { readonly view: AdminCustomerView }): React.ReactElement {
  const words = useAdminWords()
  const { format } = useBillingContext()
  const { snapshot: { customer, notices, planName, planSource, status, subscription, trial }, email, paymentCustomer } = view
  // A plan that is not paid gives access for a while.
  const until = notices.find(({ kind }) => kind === 'payment-past-due')?.at
  return (
    <Facts
      of={[
        [words.customerId, customer],
        [words.email, email],
        [words.paymentCustomer, paymentCustomer],
        [words.fieldPlan, [planName, words.planOf(planSource), until && words.overrideUntil(format.date(until))].filter(Boolean).join(words.comma)],
        [words.subscription, status === 'none' ? null : words.status(status)],
        [words.period, subscription && words.periodOf(format.date(subscription.currentPeriodStart), format.date(subscription.currentPeriodEnd))],
        [words.trialEnds, trial && format.date(trial.endsAt)],
        [words.columnEnds, subscription?.cancelAt && format.date(subscription.cancelAt)],
      ]}
    />
  )
}

/** What is not counted: whether the customer has it, and why. */
export function OtherFeatures({ view: { snapshot } }: { readonly view: AdminCustomerView }): React.ReactElement | false {
  const words = useAdminWords()
  const { format, labelOf } = useBillingContext()
  function write(terms: Exclude<TermsView, { kind: 'metered' }>): string {
    if (terms.kind === 'toggle') return terms.on ? words.included : words.notIncluded
    // Code keeps its own direction, its brackets too.
    if (terms.kind === 'setting') return `\u2068${JSON.stringify(terms.value)}\u2069`
    const limit = terms.paid ? snapshot.subscription?.quantity : terms.limit
    return limit === null ? words.unlimited : format.number(limit ?? 0)
  }
  const others = Object.entries(snapshot.entitlements).flatMap(([feature, { terms, source }]): readonly (readonly [string, string])[] =>
    terms.kind === 'metered' ? [] : [[labelOf(feature), write(terms) + words.comma + words.planOf(source)]],
  )
  return others.length > 0 && <CustomerSection title={words.othersTitle}><Facts of={others} /></CustomerSection>
}
