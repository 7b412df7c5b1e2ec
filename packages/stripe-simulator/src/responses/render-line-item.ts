import { getPrice } from '../get.ts'
import { sessionAmounts } from '../lifecycle/checkout/session-amounts.ts'
import type { CheckoutSession } from '../objects.ts'
import type { Store } from '../store.ts'
import { render, type Rendered } from './render.ts'

/** The lines of a checkout session, as its `line_items` list shows them. */
export function renderLineItems(store: Store, session: CheckoutSession): (Rendered & { readonly id: string })[] {
  const { lineItems } = session.internal
  const { lines } = sessionAmounts(store, session)
  return lineItems.map((item, index) => {
    const price = getPrice(store, item.price)
    const { subtotal = 0, discount = 0, tax = 0, total = 0 } = lines[index] ?? {}
    return {
      id: item.id,
      object: 'item',
      adjustable_quantity: null,
      amount_discount: discount,
      amount_subtotal: subtotal,
      amount_tax: tax,
      amount_total: total,
      currency: session.currency ?? 'usd',
      description: store.products.find(price.product)?.name ?? null,
      metadata: {},
      price: render(store, price),
      quantity: item.quantity,
    }
  })
}
