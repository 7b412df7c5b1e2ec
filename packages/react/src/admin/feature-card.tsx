import type * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import { CheckField, DraftField, NumberField } from './draft-field.tsx'
import type { FeatureData } from './edit-features.ts'
import { EntryCard } from './entry-card.tsx'
import { Field } from './field.tsx'
import { useCatalogWords } from './use-catalog-words.ts'

interface FeatureCardProps {
  readonly featureKey: string
  readonly feature: FeatureData
  readonly onFeature: (feature: FeatureData, field: string) => void
  readonly onRemove: () => void
}

const anchors = ['customer', 'calendar', 'subscription'] as const
/** The largest block, and how many milliseconds it is kept, where nothing else is said. */
const usualLease = { most: 1000, idle: 1000 }

/** One feature: its kind at a glance, and everything about it to edit. Its key and its kind stay. */
export function FeatureCard({ featureKey, feature, onFeature, onRemove }: FeatureCardProps): React.ReactElement {
  const words = useCatalogWords()
  const { labelOf } = useBillingContext()
  const path = `features.${featureKey}`
  const name = labelOf(featureKey)
  function set(more: object, field: string): void {
    onFeature({ ...feature, ...more }, `${path}.${field}`)
  }
  const removal = <button type="button" data-button="critical" aria-label={words.removeFeature(name)} onClick={onRemove}>{words.remove}</button>
  return (
    <EntryCard path={path} name={name} note={words.kindOf(feature.kind)} actions={removal}>
      {name !== featureKey && <p data-quiet=""><code>{featureKey}</code></p>}
      <div data-slot="plan-editor-grid">
        {feature.kind === 'metered' && (
          <>
            <DraftField name={`${path}.unit`} label={words.unit} hint={words.unitHint} value={feature.unit} read={String} write={String} onValue={(unit) => set({ unit }, 'unit')} />
            <Field
              name={`${path}.anchor`}
              label={words.anchor}
              options={Object.fromEntries(anchors.map((anchor) => [anchor, words.anchorOf(anchor)]))}
              value={feature.anchor}
              onChange={({ target }) => set({ anchor: target.value }, 'anchor')}
            />
          </>
        )}
        <Field
          name={`${path}.onError`}
          label={words.onError}
          options={{ deny: words.onErrorRule('deny'), allow: words.onErrorRule('allow') }}
          value={feature.onError}
          onChange={({ target }) => set({ onError: target.value }, 'onError')}
        />
        {'acceptLossy' in feature && (
          <CheckField name={`${path}.acceptLossy`} label={words.acceptLossy} checked={feature.acceptLossy} onCheck={(acceptLossy) => set({ acceptLossy }, 'acceptLossy')} />
        )}
        {feature.kind === 'metered' && (
          <CheckField name={`${path}.lease`} label={words.lease} checked={Boolean(feature.lease)} onCheck={(isOn) => set({ lease: isOn ? usualLease : null }, 'lease')} />
        )}
        {feature.kind === 'metered' && feature.lease && (
          <LeaseFields path={`${path}.lease`} lease={feature.lease} onLease={(lease, field) => set({ lease }, `lease.${field}`)} />
        )}
      </div>
    </EntryCard>
  )
}

interface LeaseFieldsProps {
  readonly path: string
  readonly lease: typeof usualLease
  readonly onLease: (lease: typeof usualLease, field: string) => void
}

function LeaseFields({ path, lease, onLease }: LeaseFieldsProps): React.ReactElement {
  const words = useCatalogWords()
  return (
    <>
      <NumberField name={`${path}.most`} label={words.leaseMost} value={lease.most} empty={-1} onValue={(most) => onLease({ ...lease, most }, 'most')} />
      <NumberField name={`${path}.idle`} label={words.leaseIdle} value={lease.idle} empty={-1} onValue={(idle) => onLease({ ...lease, idle }, 'idle')} />
    </>
  )
}
