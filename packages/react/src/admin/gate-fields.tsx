import type * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import { DraftField } from './draft-field.tsx'
import { readGates, withGates, writeGates } from './edit-rules.ts'
import { FaultsBelow } from './faults-below.tsx'
import { useCatalogWords } from './use-catalog-words.ts'
import { type GateFieldsProps, usePlanEditor } from './plan-editor-context.ts'

/** How often what is metered may be asked for: a field for each such feature of the plan. */
export function GateFields({ path, plan, onPlan }: GateFieldsProps): React.ReactElement | null {
  const { data } = usePlanEditor()
  const words = useCatalogWords()
  const { labelOf } = useBillingContext()
  const isGated = (feature: string): boolean => plan.gates?.[feature] !== undefined
  const features = Object.keys({ ...plan.features, ...plan.gates }).filter((feature) => isGated(feature) || data.features[feature]?.kind === 'metered')
  if (features.length === 0) return null
  return (
    <fieldset data-slot="plan-editor-fields">
      <legend data-title="">{words.gatesTitle}</legend>
      <div data-slot="plan-editor-grid">
        {features.map((feature) => {
          const at = `${path}.gates.${feature}`
          return (
            <FaultsBelow key={feature} path={at}>
              <DraftField
                name={at}
                label={words.gatesOf(labelOf(feature))}
                hint={words.gatesHint}
                dir="ltr"
                spellCheck={false}
                value={plan.gates?.[feature] ?? []}
                read={readGates}
                write={writeGates}
                onValue={(gates) => onPlan(withGates(plan, feature, gates), at)}
              />
            </FaultsBelow>
          )
        })}
      </div>
    </fieldset>
  )
}
