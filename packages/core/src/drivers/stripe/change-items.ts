import { FareboxError } from '../../errors/error.ts'
import type { GivenDiscount } from './change-discounts.ts'
import { planOf } from './project-subscription.ts'
import type { StripeSubscriptionItem } from './subscription-shape.ts'

/** A price and how often: what a subscription is made of, apart from the ids of its items. */
export interface WantedItem {
  readonly price: string
  /** `undefined` for what is counted by usage. */
  readonly quantity?: number | undefined
  /** Of its own, where it is part of a phase. */
  readonly tax_rates?: readonly string[] | undefined
  readonly discounts?: readonly GivenDiscount[] | undefined
}

/** An item as Stripe takes it in an update: what is not named stays as it is. */
export interface ItemWrite {
  readonly id?: string
  readonly price?: string
  readonly quantity?: number
  readonly deleted?: true
}

/** An item that is there. */
export interface PresentItem extends WantedItem {
  readonly id: string
}

/**
 * What to write so that a subscription consists of exactly the wanted items, as multisets. What is there already is not
 * named; an item whose quantity alone differs keeps its price; otherwise items are turned into wanted ones by their id, so
 * that nothing is ever added beside what it replaces. Source: https://docs.stripe.com/billing/subscriptions/change-price
 */
export function diffItems(present: readonly PresentItem[], wanted: readonly WantedItem[]): readonly ItemWrite[] {
  const left = [...present]
  const take = (fits: (item: PresentItem) => boolean): PresentItem | undefined => {
    const index = left.findIndex(fits)
    return index < 0 ? undefined : left.splice(index, 1)[0]
  }
  const writes: ItemWrite[] = []
  const repriced: WantedItem[] = []
  for (const item of wanted.filter((one) => take((other) => isAlike(one, other)) === undefined)) {
    const known = take(({ price }) => price === item.price)
    if (known === undefined) repriced.push(item)
    else writes.push({ id: known.id, ...quantityOf(item) })
  }
  for (const item of repriced) {
    const known = left.shift()
    writes.push({ ...(known !== undefined && { id: known.id }), price: item.price, ...quantityOf(item) })
  }
  return [...writes, ...left.map(({ id }): ItemWrite => ({ id, deleted: true }))]
}

/** The items of a subscription after its one plan has become another; everything else stays as it is. */
export interface PlanExchange {
  readonly item: StripeSubscriptionItem
  /** What that item becomes. */
  readonly target: WantedItem
  readonly items: readonly WantedItem[]
}

/** @throws FareboxError `payments-failed` with `no-plan-item` or `ambiguous-items` unless exactly one item sells a plan. */
export function exchangePlan(
  items: readonly StripeSubscriptionItem[],
  price: string,
  quantity: number | null,
  installation: string | undefined,
): PlanExchange {
  const planned = items.filter((item) => planOf(item.price, installation) !== null)
  const [item] = planned
  if (item === undefined) throw refusal('no-plan-item', 'No item of the subscription sells a plan of the catalog')
  if (planned.length > 1) throw refusal('ambiguous-items', 'Several items of the subscription sell a plan: take all but one away in Stripe')
  const target = { price, quantity: quantity ?? item.quantity ?? 1 }
  return { item, target, items: items.map((other) => (other === item ? target : wantedOf(other))) }
}

export function wantedOf({ price, quantity }: StripeSubscriptionItem): WantedItem {
  return { price: price.id, ...(quantity !== undefined && { quantity }) }
}

/** An item as {@link diffItems} compares it. */
export function presentOf(item: StripeSubscriptionItem): PresentItem {
  return { id: item.id, ...wantedOf(item) }
}

function isAlike(one: WantedItem, other: WantedItem): boolean {
  return one.price === other.price && one.quantity === other.quantity
}

function quantityOf({ quantity }: WantedItem): { readonly quantity?: number } {
  return quantity === undefined ? {} : { quantity }
}

function refusal(reason: string, message: string): FareboxError {
  return new FareboxError('payments-failed', message, { reason })
}
