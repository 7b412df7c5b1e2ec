import type { PlanData } from '@farebox/core/catalog'
import type * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import { CheckField, DraftField, NumberField } from './draft-field.tsx'
import { currenciesOf, intervals, priceFormOf, withTerms } from './edit-catalog.ts'
import { EntryCard } from './entry-card.tsx'
import { usePlanEditor } from './plan-editor-context.ts'
import { PriceFields } from './price-fields.tsx'
import { TermsFields } from './terms-fields.tsx'

interface PlanCardProps {
  readonly planKey: string
  readonly plan: PlanData
  readonly isFirst: boolean
  readonly isLast: boolean
  readonly isOpen: boolean
  readonly onPlan: (plan: PlanData, field: string) => void
  readonly onMove: (by: 1 | -1) => void
  readonly onRemove: () => void
}

/** One plan: what it is at a glance, and everything about it to edit. */
export function PlanCard({ planKey, plan, isFirst, isLast, isOpen, onPlan, onMove, onRemove }: PlanCardProps): React.ReactElement {
  const { words, data, parts } = usePlanEditor()
  const path = `plans.${planKey}`
  const name = plan.name || planKey
  const currency = currenciesOf(plan)[0] ?? 'usd'

  /** What is as it would be anyway is left out. */
  function set<Name extends keyof PlanData>(field: Name, value: PlanData[Name] | undefined): void {
    const { [field]: _, ...rest } = plan
    onPlan(value === undefined ? (rest as PlanData) : { ...plan, [field]: value }, `${path}.${field}`)
  }
  return (
    <EntryCard
      path={path}
      name={name}
      note={<PlanPrices plan={plan} />}
      whole="features"
      isOpen={isOpen}
      actions={
        <>
          <button type="button" data-button="" data-move="up" aria-label={words.moveUp(name)} aria-disabled={isFirst || undefined} onClick={() => onMove(-1)}>↑</button>
          <button type="button" data-button="" data-move="down" aria-label={words.moveDown(name)} aria-disabled={isLast || undefined} onClick={() => onMove(1)}>↓</button>
          <button type="button" data-button="critical" aria-label={words.removePlan(name)} onClick={onRemove}>{words.remove}</button>
        </>
      }
    >
      <div data-slot="plan-editor-grid">
        <DraftField name={`${path}.name`} label={words.name} value={plan.name} read={String} write={String} onValue={(text) => set('name', text)} />
        <DraftField
          name={`${path}.description`}
          label={words.description}
          value={plan.description ?? ''}
          read={String}
          write={String}
          onValue={(text) => set('description', text || undefined)}
        />
        <NumberField name={`${path}.trialDays`} label={words.trialDays} value={plan.trialDays} empty={undefined} onValue={(days) => set('trialDays', days)} />
      </div>
      <div data-slot="plan-editor-checks">
        <CheckField name={`${path}.default`} label={words.isDefault} checked={plan.default ?? false} onCheck={(isOn) => set('default', isOn || undefined)} />
        <CheckField name={`${path}.recommended`} label={words.isRecommended} checked={plan.recommended ?? false} onCheck={(isOn) => set('recommended', isOn || undefined)} />
        <CheckField name={`${path}.contactSales`} label={words.contactSales} checked={plan.contactSales ?? false} onCheck={(isOn) => set('contactSales', isOn || undefined)} />
        {plan.trialDays !== undefined && (
          <CheckField
            name={`${path}.trialRequiresCard`}
            label={words.trialRequiresCard}
            checked={plan.trialRequiresCard ?? true}
            onCheck={(isOn) => set('trialRequiresCard', isOn ? undefined : false)}
          />
        )}
      </div>
      <PriceFields path={path} plan={plan} onPlan={(next, field) => onPlan(next, `${path}.${field}`)} />
      <fieldset data-slot="plan-editor-fields">
        <legend data-title="">{words.featuresTitle}</legend>
        {Object.keys({ ...data.features, ...plan.features }).map((feature) => (
          <TermsFields
            key={feature}
            path={`${path}.features.${feature}`}
            feature={feature}
            terms={plan.features[feature]}
            currency={currency}
            onTerms={(terms, field) => onPlan(withTerms(plan, feature, terms), field)}
          />
        ))}
      </fieldset>
      {parts && <parts.GateFields path={path} plan={plan} onPlan={onPlan} />}
    </EntryCard>
  )
}

/** What a plan costs, in its usual currency. */
function PlanPrices({ plan: { prices = {} } }: { readonly plan: PlanData }): React.ReactElement {
  const { words } = usePlanEditor()
  const { format } = useBillingContext()
  const list = intervals.flatMap((interval) => {
    const price = prices[interval]
    const amount = price && priceFormOf(price).tiers[0]?.amounts[0]
    return amount?.minor ? [words.each(format.money({ amount: Number(amount.minor), currency: amount.currency }), interval)] : []
  })
  return <>{list.length > 0 ? list.join(' · ') : words.noPrice}</>
}
