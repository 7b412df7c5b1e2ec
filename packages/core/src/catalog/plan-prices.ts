import { type Plan, type PriceInterval, priceIntervals } from '../domain/catalog.ts'
import type { Money } from '../domain/money.ts'
import type { PlanPrice } from '../domain/price.ts'
import { type Installation, hasMetadata, ownedPlan, priceIdentity, priceMetadataOf } from './stripe-metadata.ts'
import type { PriceAmount, PriceState, PushState } from './push-state.ts'
import type { PriceTarget, PushStep } from './push-step.ts'
import { intervalMetadata, lookupKeyOf } from './stripe-names.ts'

/** The steps that make the prices of a plan right. A price's amount never changes: another price takes its place. */
export function planPrices(plan: Plan, product: string, state: PushState, installation: Installation): readonly PushStep[] {
  return priceIntervals.flatMap((interval): readonly PushStep[] => {
    const lookupKey = lookupKeyOf(plan.key, interval, installation)
    const holder = state.prices.find((price) => price.lookupKey === lookupKey)
    const sold = plan.prices[interval]
    const target = sold && { plan: plan.key, interval, product, lookupKey, ...costOf(sold) }
    const step = target && planPrice(target, holder, state, installation)
    const kept = step?.kind === 'price' && step.action !== 'create' && step.id
    const retired = state.prices
      .filter((price) => price.active && price.id !== kept)
      .filter((price) => price.lookupKey === lookupKey || isOf(price, plan, interval, installation))
    return [
      ...(step === undefined ? [] : [step]),
      ...retired.map(({ id }): PushStep => ({ action: 'retire', kind: 'price', id, plan: plan.key, interval })),
    ]
  })
}

/** What a price costs, as Stripe and a push speak of it. */
function costOf({ amounts, tiers, minimum }: PlanPrice): Pick<PriceTarget, 'currency' | 'amounts' | 'tiersMode' | 'minimum'> {
  const costIn = (currency: string): PriceAmount =>
    tiers === null ? amountIn(currency, amounts) : tiers.steps.map((step) => ({ upTo: step.upTo, each: amountIn(currency, step.amounts) }))
  return {
    currency: amounts[0].currency,
    amounts: Object.fromEntries(amounts.map(({ currency }) => [currency, costIn(currency)])),
    tiersMode: tiers && tiers.mode,
    minimum,
  }
}

function amountIn(currency: string, amounts: readonly Money[]): number {
  return Number(amounts.find((money) => money.currency === currency)?.minor)
}

function planPrice(
  target: PriceTarget,
  holder: PriceState | undefined,
  state: PushState,
  installation: Installation,
): PushStep {
  // A price that was sold before and is wanted again is taken up again, so that going back and forth makes no new ones.
  const fitting = [...(holder === undefined ? [] : [holder]), ...state.prices.filter((price) => price.active), ...state.prices]
    .find((price) => sells(price, target) && (price === holder || hasMetadata(price.metadata, priceIdentity(target, installation))))
  if (fitting === undefined) {
    const replaces = holder === undefined ? null
      : { id: holder.id, amount: holder.amounts?.[holder.currency] ?? null, currency: holder.currency }
    return { action: 'create', kind: 'price', target, replaces }
  }
  const isRight = fitting === holder && fitting.active && hasMetadata(fitting.metadata, priceMetadataOf(target, installation))
  return { action: isRight ? 'same' : 'change', kind: 'price', target, id: fitting.id }
}

function sells(price: PriceState, target: PriceTarget): boolean {
  return (
    price.product === target.product &&
    price.currency === target.currency &&
    price.interval === target.interval &&
    price.tiersMode === target.tiersMode &&
    describe(price.amounts ?? {}) === describe(target.amounts)
  )
}

/** Amounts as a text that does not depend on the order in which Stripe tells currencies. */
function describe(amounts: Readonly<Record<string, PriceAmount>>): string {
  return JSON.stringify(Object.entries(amounts).toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

/** A price that an earlier push made for a plan and interval. */
function isOf({ metadata }: PriceState, plan: Plan, interval: PriceInterval, installation: Installation): boolean {
  return ownedPlan(metadata, installation) === plan.key && metadata[intervalMetadata] === interval
}
