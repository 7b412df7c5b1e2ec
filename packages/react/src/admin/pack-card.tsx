import type { PackData } from '@farebox/core/catalog'
import type * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import { DraftField, NumberField } from './draft-field.tsx'
import { amountDataOf, amountsOf, inCurrencies, readMoney, writeMoney } from './edit-catalog.ts'
import { withEntry } from './edit-rules.ts'
import { EntryCard } from './entry-card.tsx'
import { Field } from './field.tsx'
import { usePlanEditor } from './plan-editor-context.ts'
import { CurrenciesField } from './price-fields.tsx'
import { useCatalogWords } from './use-catalog-words.ts'

interface PackCardProps {
  readonly packKey: string
  readonly pack: PackData
  readonly onPack: (pack: PackData, field: string) => void
  readonly onRemove: () => void
}

/** One pack: what it costs and gives at a glance, and everything about it to edit. */
export function PackCard({ packKey, pack, onPack, onRemove }: PackCardProps): React.ReactElement {
  const { data } = usePlanEditor()
  const words = useCatalogWords()
  const { format, labelOf } = useBillingContext()
  const path = `packs.${packKey}`
  const name = pack.name || packKey
  const amounts = amountsOf(pack.price)
  const isGiven = (feature: string): boolean => pack.grants[feature] !== undefined
  const given = Object.keys({ ...data.features, ...pack.grants }).filter((feature) => isGiven(feature) || data.features[feature]?.kind === 'metered')
  const [usual] = amounts
  const price = usual?.minor ? format.money({ amount: Number(usual.minor), currency: usual.currency }) : words.noPrice

  /** What is as it would be anyway is left out. */
  function set<Name extends keyof PackData>(field: Name, value: PackData[Name] | undefined): void {
    const { [field]: _, ...rest } = pack
    onPack(value === undefined ? (rest as PackData) : { ...pack, [field]: value }, `${path}.${field}`)
  }
  return (
    <EntryCard
      path={path}
      name={name}
      note={price}
      whole="grants"
      actions={<button type="button" data-button="critical" aria-label={words.removePack(name)} onClick={onRemove}>{words.remove}</button>}
    >
      <div data-slot="plan-editor-grid">
        <DraftField name={`${path}.name`} label={words.name} value={pack.name} read={String} write={String} onValue={(text) => set('name', text)} />
        <DraftField
          name={`${path}.description`}
          label={words.description}
          value={pack.description ?? ''}
          read={String}
          write={String}
          onValue={(text) => set('description', text || undefined)}
        />
        <CurrenciesField
          name={`${path}.currencies`}
          currencies={amounts.map(({ currency }) => currency)}
          onCurrencies={(list) => onPack({ ...pack, price: amountDataOf(inCurrencies(amounts, list)) }, `${path}.currencies`)}
        />
        {amounts.map((amount, place) => {
          const at = amounts.length === 1 ? `${path}.price` : `${path}.price.${place}`
          return (
            <DraftField
              key={amount.currency}
              name={at}
              label={words.packPrice(amount.currency)}
              inputMode="decimal"
              value={amount}
              read={(text) => readMoney(text, amount.currency, format.locale)}
              write={(money) => writeMoney(money, format.locale)}
              onValue={(next) => onPack({ ...pack, price: amountDataOf(amounts.map((known, which) => (which === place ? next : known))) }, at)}
            />
          )
        })}
        {given.map((feature) => (
          <NumberField
            key={feature}
            name={`${path}.grants.${feature}`}
            label={words.packGives(labelOf(feature))}
            hint={words.packGivesHint}
            value={pack.grants[feature]}
            empty={undefined}
            onValue={(amount) => onPack({ ...pack, grants: withEntry(pack.grants, feature, amount) }, `${path}.grants.${feature}`)}
          />
        ))}
        <NumberField
          name={`${path}.expiresAfterDays`}
          label={words.packExpires}
          hint={words.packExpiresHint}
          value={pack.expiresAfterDays}
          empty={undefined}
          onValue={(days) => set('expiresAfterDays', days)}
        />
        <Field
          name={`${path}.refunds`}
          label={words.packRefunds}
          options={{ void: words.packRefundsRule('void'), keep: words.packRefundsRule('keep') }}
          value={pack.refunds ?? 'void'}
          onChange={({ target }) => set('refunds', target.value === 'keep' ? 'keep' : undefined)}
        />
      </div>
    </EntryCard>
  )
}
