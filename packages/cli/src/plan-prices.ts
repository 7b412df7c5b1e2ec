import type { Plan, PriceInterval } from '@farebox/core'
import { intervalMetadata, lookupKeyOf } from '@farebox/core/drivers/stripe'
import { type Installation, hasMetadata, ownedPlan, priceMetadata } from './installation.ts'
import type { PriceState, PushState } from './push-state.ts'
import type { PriceTarget, PushStep } from './push-step.ts'

const intervals: readonly PriceInterval[] = ['month', 'year']

/** The steps that make the prices of a plan right. A price's amount never changes: another price takes its place. */
export function planPrices(plan: Plan, product: string, state: PushState, installation: Installation): readonly PushStep[] {
  return intervals.flatMap((interval): readonly PushStep[] => {
    const lookupKey = lookupKeyOf(plan.key, interval, installation)
    const holder = state.prices.find((price) => price.lookupKey === lookupKey)
    const money = plan.prices[interval]
    const target = money && {
      plan: plan.key, interval, product, lookupKey, amount: Number(money.minor), currency: money.currency,
    }
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

function planPrice(
  target: PriceTarget,
  holder: PriceState | undefined,
  state: PushState,
  installation: Installation,
): PushStep {
  // A price that was sold before and is wanted again is taken up again, so that going back and forth makes no new ones.
  const fitting = [...(holder === undefined ? [] : [holder]), ...state.prices.filter((price) => price.active), ...state.prices]
    .find((price) => sells(price, target) && (price === holder || isTarget(price, target, installation)))
  if (fitting === undefined) {
    const replaces = holder === undefined ? null : { id: holder.id, amount: holder.amount, currency: holder.currency }
    return { action: 'create', kind: 'price', target, replaces }
  }
  const isRight = fitting === holder && fitting.active && isTarget(fitting, target, installation)
  return { action: isRight ? 'same' : 'change', kind: 'price', target, id: fitting.id }
}

function sells(price: PriceState, target: PriceTarget): boolean {
  return (
    price.product === target.product &&
    price.amount === target.amount &&
    price.currency === target.currency &&
    price.interval === target.interval
  )
}

function isTarget(price: PriceState, target: PriceTarget, installation: Installation): boolean {
  return hasMetadata(price.metadata, priceMetadata(target, installation))
}

/** A price that an earlier push made for a plan and interval. */
function isOf({ metadata }: PriceState, plan: Plan, interval: PriceInterval, installation: Installation): boolean {
  return ownedPlan(metadata, installation) === plan.key && metadata[intervalMetadata] === interval
}
