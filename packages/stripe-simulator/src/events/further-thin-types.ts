import type { Price, Product, StoredObject, StripeEvent, Subscription } from '../objects.ts'

const statuses: ReadonlySet<string> = new Set(['active', 'incomplete', 'incomplete_expired', 'past_due', 'trialing', 'unpaid'])

/** The thin types, besides the twin's, that tell what changed within an object. */
export function furtherThinTypes({ type, internal: { subject, before } }: StripeEvent): string[] {
  switch (type) {
    case 'customer.subscription.created':
    case 'customer.subscription.updated':
      return isSubscription(subject) ? ofSubscription(subject, before) : []
    case 'price.updated':
      return isPrice(subject) ? ofPrice(subject, before) : []
    case 'product.updated':
      return isProduct(subject) ? ofProduct(subject, before) : []
    default:
      return []
  }
}

function ofSubscription(after: Subscription, given: StoredObject | undefined): string[] {
  const before = given !== undefined && isSubscription(given) ? given : undefined
  const told: string[] = []
  if (before?.status !== after.status && statuses.has(after.status)) told.push(after.status)
  if (before === undefined) return told.map(inSubscription)
  if (before.cancel_at !== after.cancel_at) told.push('cancel_at_changed')
  if (before.default_payment_method !== after.default_payment_method) told.push('default_payment_method_changed')
  const former = new Map(before.items.map((item) => [item.id, item]))
  const kept = after.items.filter((item) => former.has(item.id))
  if (kept.length < after.items.length) told.push('item_added')
  if (kept.length < before.items.length) told.push('item_removed')
  if (kept.some((item) => former.get(item.id)?.price !== item.price)) told.push('item_price_changed')
  if (kept.some((item) => former.get(item.id)?.quantity !== item.quantity)) told.push('item_quantity_changed')
  return told.map(inSubscription)
}

function inSubscription(name: string): string {
  return `v1.customer.subscription.${name}`
}

function ofPrice(after: Price, before: StoredObject | undefined): string[] {
  if (before === undefined || !isPrice(before)) return []
  return [
    ...(before.active === after.active ? [] : [after.active ? 'v1.price.activated' : 'v1.price.deactivated']),
    ...(before.lookup_key === after.lookup_key ? [] : ['v1.price.lookup_key_changed']),
  ]
}

function ofProduct(after: Product, before: StoredObject | undefined): string[] {
  if (before === undefined || !isProduct(before)) return []
  return [
    ...(before.active === after.active ? [] : [after.active ? 'v1.product.activated' : 'v1.product.deactivated']),
    ...(before['default_price'] === after['default_price'] ? [] : ['v1.product.default_price_changed']),
  ]
}

function isSubscription(object: StoredObject): object is Subscription {
  return object.object === 'subscription'
}

function isPrice(object: StoredObject): object is Price {
  return object.object === 'price'
}

function isProduct(object: StoredObject): object is Product {
  return object.object === 'product'
}
