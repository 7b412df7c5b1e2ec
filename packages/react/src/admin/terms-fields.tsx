import type { CatalogData, MeteredData } from '@farebox/core/catalog'
import type * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import { CheckField, DraftField, NumberField } from './draft-field.tsx'
import { type MoneyData, isMetered, readMoney, writeMoney } from './edit-catalog.ts'
import { Field } from './field.tsx'
import { usePlanEditor } from './plan-editor-context.ts'

const spans = ['hour', 'day', 'week', 'month', 'year'] as const

interface TermsFieldsProps {
  /** Where the terms are in the catalog. */
  readonly path: string
  readonly feature: string
  /** `undefined` where the plan does not have the feature. */
  readonly terms: unknown
  readonly currency: string
  readonly onTerms: (terms: unknown, field: string) => void
}

/** What a plan gives for one feature, by its kind. */
export function TermsFields(props: TermsFieldsProps): React.ReactElement {
  const { data, words } = usePlanEditor()
  const { labelOf } = useBillingContext()
  const { path, feature, terms, onTerms } = props
  const kind = data.features[feature]?.kind ?? 'setting'
  const label = labelOf(feature)
  const isIncluded = terms !== undefined && terms !== false
  return (
    <div data-slot="plan-editor-terms">
      <CheckField
        name={kind === 'toggle' || !isIncluded ? path : `${path}.included`}
        label={words.included(label)}
        checked={isIncluded}
        onCheck={(isOn) => onTerms(isOn ? firstTerms[kind] : undefined, path)}
      />
      {isIncluded && kind !== 'toggle' && (
        <div data-slot="plan-editor-grid">
          <KindFields {...props} kind={kind} label={label} />
        </div>
      )}
    </div>
  )
}

type FeatureKind = CatalogData['features'][string]['kind']

const unlimited: MeteredData = { kind: 'metered', amount: null, interval: 'month', overagePrice: null }

const firstTerms: Readonly<Record<FeatureKind, unknown>> = {
  toggle: true,
  setting: '',
  seats: 1,
  metered: { ...unlimited, amount: 0 },
}

function KindFields({ path, terms, currency, onTerms, kind, label }: TermsFieldsProps & { readonly kind: FeatureKind; readonly label: string }): React.ReactElement | null {
  const { words } = usePlanEditor()
  const { locale } = useBillingContext().format
  switch (kind) {
    case 'toggle': return null
    case 'setting':
      return <DraftField name={path} label={words.value(label)} hint={words.valueHint} dir="ltr" value={terms} read={readJson} write={writeJson} onValue={(value) => onTerms(value, path)} />
    case 'seats':
      return (
        <>
          {typeof terms === 'number' && <NumberField name={path} label={words.amountOf(label)} value={terms} empty={-1} onValue={(amount) => onTerms(amount, path)} />}
          <CheckField name={`${path}.unlimited`} label={words.unlimited(label)} checked={isMetered(terms)} onCheck={(isOn) => onTerms(isOn ? unlimited : 1, path)} />
          <CheckField
            name={terms === 'paid' ? path : `${path}.paid`}
            label={words.paidSeats(label)}
            checked={terms === 'paid'}
            onCheck={(isOn) => onTerms(isOn ? 'paid' : 1, path)}
          />
        </>
      )
    case 'metered': {
      if (!isMetered(terms)) return null
      const { amount, interval, overagePrice } = terms
      const paidIn = overagePrice?.currency ?? currency
      const change = (more: Partial<MeteredData>, field: string): void => onTerms({ ...terms, ...more }, `${path}.${field}`)
      return (
        <>
          {amount !== null && (
            <NumberField name={`${path}.allowance`} label={words.amountOf(label)} value={amount} empty={-1} onValue={(next) => change({ amount: next }, 'allowance')} />
          )}
          <Field name={`${path}.per`} label={words.per(label)} options={Object.fromEntries(spans.map((span) => [span, words.span(span)]))} value={interval} onChange={({ target }) => change({ interval: target.value }, 'per')} />
          {amount !== null && (
            <DraftField<MoneyData | null>
              name={`${path}.overage`}
              label={words.overageOf(label, paidIn)}
              hint={words.overageHint}
              inputMode="decimal"
              value={overagePrice}
              read={(text) => (text.trim() === '' ? null : readMoney(text, paidIn, locale))}
              write={(price) => (price ? writeMoney(price, locale) : '')}
              onValue={(price) => change({ overagePrice: price }, 'overage')}
            />
          )}
          <CheckField
            name={`${path}.unlimited`}
            label={words.unlimited(label)}
            checked={amount === null}
            onCheck={(isOn) => change(isOn ? { amount: null, overagePrice: null } : { amount: 0 }, 'unlimited')}
          />
        </>
      )
    }
    default: return kind satisfies never
  }
}

/** JSON where it is some; otherwise the text itself, so that a word needs no quotation marks. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function writeJson(value: unknown): string {
  return typeof value === 'string' && readJson(value) === value ? value : JSON.stringify(value)
}
