import type { StripeClient } from '@farebox/core/drivers/stripe'
import { createStripeSimulator } from '@farebox/stripe-simulator'
import { expect, it } from 'vitest'
import { refuseUsed } from '../../src/drivers/stripe/promotion-codes.ts'
import { clientOf } from './world.ts'

const discount = { id: 'di_1', promotion_code: 'promo_1' }
const taken = { amount: 100, discount: 'di_1' }

it.each([
  ['that runs out and took something off another subscription', 'once', 'sub_2', {}, true],
  ['that is for good and took something off this subscription', 'forever', 'sub_1', {}, true],
  ['that is for good and took something off another one', 'forever', 'sub_2', {}, false],
  ['whose invoice is void', 'once', 'sub_1', { status: 'void' }, false],
  ['that took nothing off', 'once', 'sub_1', { total_discount_amounts: [{ ...taken, amount: 0 }] }, false],
  ['beside which another discount took something off', 'once', 'sub_1', { total_discount_amounts: [{ ...taken, discount: 'di_2' }] }, false],
  ['in place of which another code took something off', 'once', 'sub_1', { promotion_code: 'promo_2' }, false],
] as const)('judges a code %s (%s)', async (_, duration, subscription, { promotion_code = discount.promotion_code, ...details }: Readonly<Record<string, unknown>>, isUsed) => {
  const client: StripeClient = clientOf(createStripeSimulator())
  const invoice = {
    id: 'in_1', status: 'paid', parent: { subscription_details: { subscription: 'sub_1' } },
    discounts: [{ ...discount, promotion_code, source: { coupon: { id: 'spring', duration, percent_off: 10 } } }], total_discount_amounts: [taken], ...details,
  }
  client.invoices.list = async () => ({ data: [invoice], has_more: false })
  const judged = await refuseUsed(client, 'promo_1', { customer: 'cus_1' }, subscription).then(() => 'good', () => 'used')
  expect(judged).toBe(isUsed ? 'used' : 'good')
})
