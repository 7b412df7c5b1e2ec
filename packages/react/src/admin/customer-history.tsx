import type { AdminCustomerView, AuditView, OverrideView } from '@farebox/core/protocol'
import type * as React from 'react'
import { EmptyState } from '../parts/empty-state.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import { useAdminWords } from './admin-context.ts'
import type { ChangeInHand } from './change-form.tsx'

const minute: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' }

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
    endedAt ? words.overrideEnded(format.date(endedAt)) : words.overrideUntil(until && format.date(until))
  return (
    <section data-slot="admin-section">
      <h3 data-title="">{words.overridesTitle}</h3>
      {overrides.length === 0 && <EmptyState>{words.noOverrides}</EmptyState>}
      <ul data-slot="admin-list">
        {overrides.map((override) => (
          <li key={override.key} data-row="">
            <span>
              {nameOf(override.plan)}, {stateOf(override)}
              <span data-slot="admin-note" data-quiet="">{override.reason ?? override.key}</span>
            </span>
            {!override.endedAt && (
              <button
                type="button"
                data-button="link"
                aria-label={`${words.endAction} ${nameOf(override.plan)}`}
                onClick={() => onChange({ change: 'end-override', name: nameOf(override.plan), of: override.key })}
              >
                {words.endAction}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
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
    return words.audit(action, { name, amount: amount ? format.number(Number(amount)) : '', until: end ? format.date(String(end)) : null })
  }
  return (
    <section data-slot="admin-section">
      <h3 data-title="">{words.auditTitle}</h3>
      {audit.length === 0 && <EmptyState>{words.noAudit}</EmptyState>}
      <ol data-slot="admin-list">
        {audit.map((entry) => (
          <li key={entry.id}>
            {sentenceOf(entry)}
            <span data-slot="admin-note" data-quiet="">
              {[format.date(entry.at, minute), entry.actor ?? words.app, entry.detail['reason'], entry.detail['key']].filter(Boolean).join(' · ')}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
