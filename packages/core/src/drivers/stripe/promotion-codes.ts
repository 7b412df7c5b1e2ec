import * as z from 'zod/mini'
import { FareboxError } from '../../errors/error.ts'
import { type GivenDiscount, codeOf, discountsWith } from './change-discounts.ts'
import type { StripeClient } from './client.ts'
import { couponOf } from './read-discounts.ts'
import { readPages } from './read-pages.ts'
import { idOf } from './schedule-phases.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'
import { type StripeDiscount, type StripeSubscription, discountShape } from './subscription-shape.ts'

const codesShape = z.object({ data: z.array(z.object({ id: z.string(), code: z.string(), active: z.boolean() })) })

/**
 * The promotion code that people know by this text, in either case: the active one, else the last that was. Stripe makes a code
 * inactive once it has expired or was redeemed often enough: https://docs.stripe.com/api/promotion_codes/list
 */
export async function findPromotionCode(client: StripeClient, code: string): Promise<{ readonly id: string; readonly active: boolean } | undefined> {
  const wanted = code.toLowerCase()
  for (const active of [true, false]) {
    const listed = await callStripe(() => client.promotionCodes.list({ active, code, limit: 10 }))
    const found = parseAnswer(codesShape, listed).data.find((each) => each.active === active && each.code.toLowerCase() === wanted)
    if (found !== undefined) return found
  }
  return undefined
}

const referenceShape = z.nullish(z.union([z.string(), z.object({ id: z.string() })]))

/** An invoice with what was taken off it: https://docs.stripe.com/api/invoices/object#invoice_object-total_discount_amounts */
const discountedShape = z.object({
  id: z.string(),
  status: z.nullable(z.string()),
  // Before API 2025-03-31.basil.
  subscription: referenceShape,
  parent: z.nullish(z.object({ subscription_details: z.nullish(z.object({ subscription: referenceShape })) })),
  discounts: z.nullish(z.array(z.union([z.string(), discountShape]))),
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
  const { id, customer } = subscription
  await refuseUsed(client, code, customer === undefined ? { subscription: id } : { customer: idOf(customer) }, id)
  return discounts
}

/**
 * Refuses a code that was used up: one that has taken something off this subscription, and one that runs out where it has taken
 * something off any of the customer's, for else a new subscription would bring it back. What is for good may come back.
 * @throws FareboxError `invalid-request` with the path.
 */
export async function refuseUsed(client: StripeClient, code: string | undefined, of: object, subscription: string | null): Promise<void> {
  const query = { ...of, limit: 100, expand: ['data.discounts'] }
  const invoices = await readPages(discountedShape, (cursor) => client.invoices.list({ ...query, ...cursor }))
  const uses = invoices.flatMap((invoice) => {
    const discount = usedDiscount(invoice, code)
    return discount === undefined ? [] : [{ discount, isHere: subscriptionOf(invoice) === subscription }]
  })
  const [first] = uses
  if (first === undefined) return
  const { duration } = await couponOf(client, first.discount)
  if (duration !== 'forever' || uses.some(({ isHere }) => isHere)) throw promotionCodeRefused()
}

type DiscountedInvoice = z.output<typeof discountedShape>

function usedDiscount({ status, discounts, total_discount_amounts: taken }: DiscountedInvoice, code: string | undefined): StripeDiscount | undefined {
  if (status === 'void') return undefined
  const isTaken = (id: string | undefined): boolean => (taken ?? []).some(({ amount, discount }) => amount > 0 && discount === id)
  return (discounts ?? []).filter((discount) => typeof discount !== 'string').find((discount) => codeOf(discount) === code && isTaken(discount.id))
}

function subscriptionOf({ subscription, parent }: DiscountedInvoice): string | null {
  return idOf(parent?.subscription_details?.subscription ?? subscription) ?? null
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
