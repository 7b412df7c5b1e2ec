import { priceAmount } from '../lifecycle/money.ts'
import { getPrice } from '../get.ts'
import { render, type Rendered } from './render.ts'
import type { Store } from '../store.ts'

/** One line of a checkout session, as its `line_items` list shows it. */
export function renderLineItem(
  store: Store,
  item: { readonly id: string; readonly price: string; readonly quantity: number },
): Rendered {
  const price = getPrice(store, item.price)
  const amount = priceAmount(price, item.quantity)
  return {
    id: item.id,
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: price.currency,
    description: store.products.find(price.product)?.name ?? null,
    metadata: {},
    price: render(store, price),
    quantity: item.quantity,
  }
}
