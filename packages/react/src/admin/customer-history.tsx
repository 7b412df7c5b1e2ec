import type { AdminCustomerView, AuditView, OverrideView } from '@farebox/core/protocol'
import type * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import { useAdminWords } from './admin-context.ts'
import type { ChangeInHand } from './change-form.tsx'
import { CustomerSection } from './customer-section.tsx'
import { Noted, toTheMinute } from './noted.tsx'

interface CustomerOverridesProps {
  readonly view: AdminCustomerView
  readonly onChange: (change: ChangeInHand) => void
}

/** Plans that were given for free, newest first. */
export function CustomerOverrides({ view: { overrides, snapshot }, onChange }: CustomerOverridesProps): React.ReactElement {
  const words = useAdminWords()
  const { format } = useBillingContext()
  const nameOf = (plan: string): string => snapshot.plans[plan]?.name ?? plan
  const stateOf = ({ endedAt, until }: OverrideView): string =>
    endedAt ? words.overrideEnded(format.date(endedAt, toTheMinute)) : words.overrideUntil(until && format.date(until, toTheMinute))
  return (
    <CustomerSection title={words.overridesTitle} emptyText={overrides.length === 0 && words.noOverrides}>
      <ul data-slot="admin-list">
        {overrides.map((override) => (
          <li key={override.key} data-row="">
            <span>
              {nameOf(override.plan) + words.comma + stateOf(override)}
              <Noted slot="admin-note" of={[override.reason ?? override.key]} />
            </span>
            {!override.endedAt && (
              <button
                type="button"
                data-button="link"
                aria-label={words.endNamed(nameOf(override.plan))}
                onClick={() => onChange({ change: 'end-override', name: nameOf(override.plan), of: override.key })}
              >
                {words.endAction}
              </button>
            )}
          </li>
        ))}
      </ul>
    </CustomerSection>
  )
}

/** Who changed what by hand, newest first. */
export function CustomerAudit({ view: { audit, snapshot } }: { readonly view: AdminCustomerView }): React.ReactElement {
  const words = useAdminWords()
  const { format, labelOf } = useBillingContext()
  function sentenceOf({ action, detail }: AuditView): string {
    const { feature, plan, amount, expiresAt, until } = detail
    const end = expiresAt ?? until
    const name = plan ? (snapshot.plans[plan]?.name ?? String(plan)) : labelOf(String(feature))
    return words.audit(action, { name, amount: amount ? format.number(Number(amount)) : '', until: end ? format.date(String(end), toTheMinute) : null })
  }
  return (
    <CustomerSection title={words.auditTitle} emptyText={audit.length === 0 && words.noAudit}>
      <ol data-slot="admin-list">
        {audit.map((entry) => (
          <li key={entry.id}>
            {sentenceOf(entry)}
            <Noted slot="admin-note" of={[format.date(entry.at, toTheMinute), entry.actor ?? words.app, entry.detail['reason'], entry.detail['key']]} />
          </li>
        ))}
      </ol>
    </CustomerSection>
  )
}
