import { type AccessRule, closedStatuses, defaultLifecycle, subscriptionStatuses } from '@farebox/core/catalog'
import type * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import { NumberField } from './draft-field.tsx'
import { accessOf, withAccess, withGrace } from './edit-rules.ts'
import { Field } from './field.tsx'
import { usePlanEditor } from './plan-editor-context.ts'
import { useCatalogWords } from './use-catalog-words.ts'

const rules: readonly AccessRule[] = ['full', 'grace', 'none']
const day = 86_400_000

/** Which status of a subscription gives access, and for how long an unpaid invoice is waited for. */
export function LifecycleFields(): React.ReactElement {
  const { data, edit } = usePlanEditor()
  const words = useCatalogWords()
  const { format } = useBillingContext()
  const options = Object.fromEntries(rules.map((rule) => [rule, words.accessRule(rule)]))
  // A subscription that is over gives no access, whatever a catalog says; where it says so all the same, it is shown what is wrong.
  const statuses = subscriptionStatuses.filter((status) => !closedStatuses.includes(status) || data.lifecycle?.access?.[status] !== undefined)
  return (
    <div data-slot="plan-editor-grid">
      <NumberField
        name="lifecycle.graceDays"
        label={words.graceDays}
        hint={words.graceHint(format.number(defaultLifecycle.grace / day))}
        value={data.lifecycle?.graceDays}
        empty={undefined}
        onValue={(days) => edit(withGrace(data, days), 'lifecycle.graceDays')}
      />
      {statuses.map((status) => (
        <Field
          key={status}
          name={`lifecycle.access.${status}`}
          label={words.accessOf(status)}
          options={options}
          value={accessOf(data, status)}
          onChange={({ target }) => edit(withAccess(data, status, rules.find((rule) => rule === target.value) ?? 'none'), `lifecycle.access.${status}`)}
        />
      ))}
    </div>
  )
}
