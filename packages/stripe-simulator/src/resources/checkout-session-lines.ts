import type { Account } from '../account.ts'
import { invalidRequest, missingParameter, unsupported } from '../errors.ts'
import { findPriceIn, get } from '../get.ts'
import type { Price } from '../objects.ts'
import type { NewSession } from './checkout-session-object.ts'

/** The line items of a new session: prices that fit its mode and each other. */
export function readLines(account: Account, given: NewSession): { price: Price; quantity: number }[] {
  const lines = (given.line_items ?? []).map((line, index) => {
    if (line.price === undefined) throw missingParameter(`line_items[${index}][price]`)
    const price = get(account.store.prices, line.price, `line_items[${index}][price]`)
    if (!price.active) {
      throw invalidRequest('The price specified is inactive. This field only accepts active prices.', {
        param: `line_items[${index}][price]`,
      })
    }
    const quantity = line.quantity ?? 1
    if (quantity < 1) {
      throw invalidRequest('Invalid quantity', { code: 'parameter_invalid_integer', param: `line_items[${index}][quantity]` })
    }
    return { price, quantity }
  })
  if (given.mode === 'setup') {
    if (lines.length === 0) return []
    throw invalidRequest('You can not pass `line_items` in `setup` mode.', { param: 'line_items' })
  }
  if (lines.length === 0) throw missingParameter('line_items')
  const recurring = lines.filter((line) => line.price.recurring !== null)
  if (given.mode === 'payment' && recurring.length > 0) {
    throw invalidRequest('You specified `payment` mode but passed a recurring price.', { param: 'line_items' })
  }
  if (given.mode === 'subscription' && recurring.length === 0) {
    throw invalidRequest('You must provide at least one recurring price in `subscription` mode.', { param: 'line_items' })
  }
  if (given.mode === 'subscription' && recurring.length < lines.length) {
    throw unsupported('one-time prices beside a subscription', 'line_items')
  }
  const [first] = lines
  const rhythms = new Set(recurring.map((line) => `${line.price.recurring?.interval} ${line.price.recurring?.interval_count}`))
  if (rhythms.size > 1) throw unsupported('prices of different intervals in one subscription', 'line_items')
  const currency = given.currency?.toLowerCase() ?? first?.price.currency ?? ''
  if (lines.some((line) => findPriceIn(account.store, line.price.id, currency) === undefined)) {
    throw invalidRequest('All prices must have the same currency.', { param: 'line_items' })
  }
  return lines
}
