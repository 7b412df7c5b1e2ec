import type { Account } from '../account.ts'
import { invalidRequest, missingParameter, missingResource, unsupported } from '../errors.ts'
import { findPriceIn, get } from '../get.ts'
import type { WantedItem } from '../lifecycle/subscriptions/change-items.ts'
import type { Subscription } from '../objects.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'

/** An item of a request to create or update a subscription. */
export interface GivenItem {
  readonly id?: string
  readonly deleted?: boolean
  readonly metadata?: MetadataChange | null
  readonly price?: string
  readonly quantity?: number
}

/**
 * The items that a subscription shall have: those it has, changed by the given ones. All must recur, at the same
 * rhythm and in the same currency.
 */
export function readItems(
  account: Account,
  subscription: Subscription | undefined,
  given: readonly GivenItem[],
  options: { readonly path?: string; readonly currency?: string | undefined } = {},
): WantedItem[] {
  const path = options.path ?? 'items'
  const existing = subscription?.items ?? []
  const named = given.map((item, index) => {
    const before = existing.find((candidate) => candidate.id === item.id)
    if (item.id !== undefined && before === undefined) {
      throw missingResource('subscription_item', item.id, `${path}[${index}][id]`)
    }
    const price = item.price ?? before?.price
    if (price === undefined) throw missingParameter(`${path}[${index}][price]`)
    if (item.price !== undefined) requireRecurring(account, item.price, `${path}[${index}][price]`)
    const isMetered = get(account.store.prices, price, `${path}[${index}][price]`).recurring?.usage_type === 'metered'
    if (isMetered && item.quantity !== undefined) {
      throw invalidRequest('You cannot set the quantity for metered plans.', { param: `${path}[${index}][quantity]` })
    }
    const quantity = item.quantity ?? before?.quantity ?? 1
    if (quantity < 0) {
      throw invalidRequest('Invalid quantity', { code: 'parameter_invalid_integer', param: `${path}[${index}][quantity]` })
    }
    const metadata = changeMetadata(before?.metadata ?? {}, item.metadata)
    return { id: item.id, price, quantity, metadata, isDeleted: item.deleted === true }
  })
  const kept = existing
    .filter((item) => !named.some((other) => other.id === item.id))
    .map(({ id, price, quantity, metadata }) => ({ id, price, quantity, metadata }))
  const wanted = [
    ...kept,
    ...named.filter((item) => !item.isDeleted).map(({ isDeleted: _isDeleted, ...item }) => item),
  ]
  refuseMixed(account, wanted, subscription?.currency ?? options.currency)
  return wanted
}

function requireRecurring(account: Account, id: string, param: string): void {
  const price = get(account.store.prices, id, param)
  if (!price.active) {
    throw invalidRequest('The price specified is inactive. This field only accepts active prices.', { param })
  }
  if (price.recurring === null) {
    throw invalidRequest('The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.', { param })
  }
}

function refuseMixed(account: Account, wanted: readonly WantedItem[], currency: string | undefined): void {
  const [first] = wanted
  if (first === undefined) throw invalidRequest('A subscription must have at least one item.', { param: 'items' })
  const prices = wanted.map((item) => get(account.store.prices, item.price, 'items'))
  const rhythms = new Set(prices.map((price) => `${price.recurring?.interval} ${price.recurring?.interval_count}`))
  if (rhythms.size > 1) throw unsupported('prices of different intervals in one subscription', 'items')
  const wantedCurrency = currency ?? prices[0]?.currency ?? ''
  if (wanted.some((item) => findPriceIn(account.store, item.price, wantedCurrency) === undefined)) {
    throw invalidRequest('All prices of a subscription must have the same currency.', { param: 'items' })
  }
  if (new Set(wanted.map((item) => item.price)).size < wanted.length) {
    throw invalidRequest('Subscription items with the same price are not allowed.', { param: 'items' })
  }
}
