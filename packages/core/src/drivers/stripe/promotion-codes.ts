import * as z from 'zod/mini'
import { FareboxError } from '../../errors/error.ts'
import { type GivenDiscount, codeOf, discountsWith } from './change-discounts.ts'
import type { StripeClient } from './client.ts'
import { readPages } from './read-pages.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'
import type { StripeSubscription } from './subscription-shape.ts'

const codesShape = z.object({ data: z.array(z.object({ id: z.string(), code: z.string(), active: z.boolean() })) })

/**
 * The id of the promotion code that people know by this text, in either case; `undefined` where none is active. Stripe makes a
 * code inactive once it has expired or was redeemed often enough: https://docs.stripe.com/api/promotion_codes/list
 */
export async function findPromotionCode(client: StripeClient, code: string): Promise<string | undefined> {
  const listed = await callStripe(() => client.promotionCodes.list({ active: true, code, limit: 10 }))
  const wanted = code.toLowerCase()
  return parseAnswer(codesShape, listed).data.find((found) => found.active && found.code.toLowerCase() === wanted)?.id
}

const referenceShape = z.nullish(z.union([z.string(), z.object({ id: z.string() })]))

/** An invoice with what was taken off it: https://docs.stripe.com/api/invoices/object#invoice_object-total_discount_amounts */
const discountedShape = z.object({
  id: z.string(),
  status: z.nullable(z.string()),
  discounts: z.nullish(z.array(z.union([z.string(), z.object({ id: z.string(), promotion_code: referenceShape })]))),
  total_discount_amounts: z.nullish(z.array(z.object({ amount: z.int(), discount: z.string() }))),
})

/**
 * The discounts of a subscription with a code that it did not have, as `discountsWith` puts them. Stripe takes a code as often as
 * somebody gives it, so that what is taken off one invoice would be taken off all of them.
 * @throws FareboxError `invalid-request` with the path where it has taken something off an invoice of this subscription.
 */
export async function newDiscounts(client: StripeClient, subscription: StripeSubscription, code: string | undefined): Promise<readonly GivenDiscount[] | null> {
  const discounts = discountsWith(subscription, code)
  if (discounts === null) return null
  const query = { subscription: subscription.id, limit: 100, expand: ['data.discounts'] }
  const invoices = await readPages(discountedShape, (cursor) => client.invoices.list({ ...query, ...cursor }))
  if (invoices.some((invoice) => hasUsed(invoice, code))) throw promotionCodeRefused()
  return discounts
}

function hasUsed({ status, discounts, total_discount_amounts: taken }: z.output<typeof discountedShape>, code: string | undefined): boolean {
  if (status === 'void') return false
  const ids = (discounts ?? []).flatMap((discount) => (typeof discount !== 'string' && codeOf(discount) === code ? [discount.id] : []))
  return (taken ?? []).some(({ amount, discount }) => amount > 0 && ids.includes(discount))
}

/** A code may be for other customers, for a first purchase or for a larger amount: only Stripe knows all of it. */
export function refuseCode(error: unknown): never {
  throw refusedParameter.safeParse(error).success ? promotionCodeRefused() : error
}

/** Of Stripe's error, that it is about a discount: https://docs.stripe.com/api/errors#errors-param */
const refusedParameter = z.object({ param: z.string().check(z.regex(/^(phases\[\d+\]\[)?(discounts|promotion_code|coupon)\b/)) })

function promotionCodeRefused(): FareboxError {
  return new FareboxError('invalid-request', 'The promotion code cannot be used', {
    reason: 'promotion-code-refused',
    faults: [{ path: 'promotionCode', message: 'Give a code that is active, good for this customer and this purchase, and new to this subscription' }],
  })
}
