import type * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import { firstFeature, withFeature, withoutFeature } from './edit-features.ts'
import { EntryForm } from './entry-form.tsx'
import { FeatureCard } from './feature-card.tsx'
import { Field, fieldOf } from './field.tsx'
import { usePlanEditor } from './plan-editor-context.ts'
import { useCatalogWords } from './use-catalog-words.ts'

const kinds = ['metered', 'toggle', 'setting', 'seats'] as const

/** What an app can do, and a form for more. */
export function FeatureList(): React.ReactElement {
  const { data, level, edit, add, remove } = usePlanEditor()
  const Heading = `h${level}` as const
  const words = useCatalogWords()
  const { labelOf } = useBillingContext()
  const features = Object.entries(data.features)
  function create(key: string, form: HTMLFormElement): void {
    const kind = kinds.find((each) => each === fieldOf(form, 'featureKind')) ?? 'metered'
    add(withFeature(data, key, firstFeature[kind]), `features.${key}`)
  }
  return (
    <section data-slot="plan-editor-body">
      <Heading data-title="">{words.featuresOfAll}</Heading>
      <p data-quiet="">{features.length === 0 ? words.noFeatures : words.featuresHint}</p>
      <ul data-slot="plan-editor-plans">
        {features.map(([key, feature]) => (
          <FeatureCard
            key={key}
            featureKey={key}
            feature={feature}
            onFeature={(next, field) => edit(withFeature(data, key, next), field)}
            onRemove={() => remove(withoutFeature(data, key), `features.${key}`, words.featureRemoved(labelOf(key)))}
          />
        ))}
      </ul>
      <EntryForm
        of="features"
        name="featureKey"
        label={words.featureKey}
        hint={words.featureKeyHint}
        action={words.addFeature}
        taken={words.featureKeyTaken}
        known={data.features}
        onAdd={create}
      >
        <Field name="featureKind" label={words.featureKind} options={Object.fromEntries(kinds.map((kind) => [kind, words.kindOf(kind)]))} />
      </EntryForm>
    </section>
  )
}
