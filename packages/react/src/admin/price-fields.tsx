import type { PlanData } from '@farebox/core/catalog'
import type { PriceInterval } from '@farebox/core/protocol'
import * as React from 'react'
import { useBillingContext } from '../provider/billing-context.ts'
import { CheckField, DraftField, NumberField } from './draft-field.tsx'
import { type PriceForm, currenciesOf, inCurrencies, intervals, priceFormOf, readMoney, withCurrencies, withPrice, withTier, writeMoney } from './edit-catalog.ts'
import { Field } from './field.tsx'
import { usePlanEditor } from './plan-editor-context.ts'

interface PriceFieldsProps {
  readonly path: string
  readonly plan: PlanData
  readonly onPlan: (plan: PlanData, field: string) => void
}

/** What a plan costs: in which currencies, how often, for each seat or not. */
export function PriceFields({ path, plan, onPlan }: PriceFieldsProps): React.ReactElement {
  const { words, data } = usePlanEditor()
  const own = currenciesOf(plan)
  const usual = Object.values(data.plans).map(currenciesOf).find((list) => list.length > 0) ?? ['usd']
  const isSold = own.length > 0
  return (
    <fieldset data-slot="plan-editor-fields">
      <legend data-title="">{words.pricesTitle}</legend>
      {isSold && <CurrenciesField name={`${path}.currencies`} currencies={own} onCurrencies={(list) => onPlan(withCurrencies(plan, list), 'currencies')} />}
      {intervals.map((interval, index) => {
        const price = plan.prices?.[interval]
        const fresh: PriceForm = { perSeat: false, minimum: 1, mode: null, tiers: [{ upTo: null, amounts: inCurrencies([], isSold ? own : usual) }] }
        return (
          <div key={interval} data-slot="plan-editor-price">
            <CheckField
              name={index === 0 ? `${path}.prices` : `${path}.prices.${interval}.sold`}
              label={words.sold(interval)}
              checked={price !== undefined}
              onCheck={(isOn) => onPlan(withPrice(plan, interval, isOn ? fresh : undefined), `sold-${interval}`)}
            />
            {price !== undefined && (
              <PriceOf path={`${path}.prices.${interval}`} interval={interval} form={priceFormOf(price)} onForm={(form, field) => onPlan(withPrice(plan, interval, form), field)} />
            )}
          </div>
        )
      })}
    </fieldset>
  )
}

interface CurrenciesFieldProps {
  readonly name: string
  readonly currencies: readonly string[]
  readonly onCurrencies: (currencies: readonly string[]) => void
}

/** In which currencies something is sold. Half a code changes nothing: what is typed over would take its prices along. */
export function CurrenciesField({ name, currencies, onCurrencies }: CurrenciesFieldProps): React.ReactElement {
  const { words } = usePlanEditor()
  const [draft, setDraft] = React.useState<string>()
  function change(text: string): void {
    const codes = [...new Set(text.toLowerCase().match(/[a-z]+/g))]
    setDraft(text)
    if (codes.length > 0 && codes.every((code) => code.length === 3) && codes.join() !== currencies.join()) onCurrencies(codes)
  }
  return (
    <Field
      name={name}
      label={words.currencies}
      hint={words.currenciesHint}
      dir="ltr"
      autoComplete="off"
      spellCheck={false}
      value={draft ?? currencies.join(', ')}
      onChange={({ target }) => change(target.value)}
      onBlur={() => setDraft(undefined)}
    />
  )
}

interface PriceOfProps {
  readonly path: string
  readonly interval: PriceInterval
  readonly form: PriceForm
  readonly onForm: (form: PriceForm, field: string) => void
}

function PriceOf({ path, interval, form, onForm }: PriceOfProps): React.ReactElement {
  const { words } = usePlanEditor()
  const { format } = useBillingContext()
  const { tiers, mode, perSeat, minimum } = form
  function change(index: number, more: Partial<PriceForm['tiers'][number]>, field: string): void {
    onForm({ ...form, tiers: tiers.map((tier, at) => (at === index ? { ...tier, ...more } : tier)) }, field)
  }
  return (
    <div data-slot="plan-editor-grid">
      {tiers.map(({ upTo, amounts }, index) => [
        mode !== null && upTo !== null && (
          <NumberField
            key={`${index} end`}
            name={`${path}.tiers.${index}.upTo`}
            label={words.tierEnd(interval, format.number(index + 1))}
            value={upTo}
            empty={-1}
            onValue={(end) => change(index, { upTo: end }, `${path}.tiers.${index}.upTo`)}
          />
        ),
        amounts.map((amount, place) => {
          // Where the catalog's own rules say that it is wrong.
          const at = [path, ...(mode === null ? [] : ['tiers', index, 'each']), ...(amounts.length === 1 ? [] : [place])].join('.')
          return (
            <DraftField
              key={`${index} ${amount.currency}`}
              name={at}
              label={mode === null ? words.price(interval, amount.currency) : words.tierPrice(interval, amount.currency, format.number(index + 1))}
              inputMode="decimal"
              value={amount}
              read={(text) => readMoney(text, amount.currency, format.locale)}
              write={(money) => writeMoney(money, format.locale)}
              onValue={(next) => change(index, { amounts: amounts.map((known, which) => (which === place ? next : known)) }, at)}
            />
          )
        }),
      ])}
      {mode === null && (
        <CheckField name={`${path}.kind`} label={words.perSeat(interval)} checked={perSeat} onCheck={(isOn) => onForm({ ...form, perSeat: isOn, minimum: 1 }, `${path}.kind`)} />
      )}
      {perSeat && (
        <NumberField
          name={`${path}.minimum`}
          label={words.minimumSeats(interval)}
          value={minimum}
          empty={-1}
          onValue={(fewest) => onForm({ ...form, minimum: fewest }, `${path}.minimum`)}
        />
      )}
      {mode !== null && (
        <Field
          name={`${path}.mode`}
          label={words.tiersMode(interval)}
          options={{ graduated: words.tiersModeOf('graduated'), volume: words.tiersModeOf('volume') }}
          value={mode}
          onChange={({ target }) => onForm({ ...form, mode: target.value === 'volume' ? 'volume' : 'graduated' }, `${path}.mode`)}
        />
      )}
      {perSeat && (
        <div data-slot="admin-actions">
          <button type="button" data-button="" onClick={() => onForm(withTier(form, 1), `${path}.tiers ${tiers.length + 1}`)}>{words.addTier(interval)}</button>
          {mode !== null && <button type="button" data-button="" onClick={() => onForm(withTier(form, -1), `${path}.tiers ${tiers.length - 1}`)}>{words.removeTier(interval)}</button>}
        </div>
      )}
    </div>
  )
}
