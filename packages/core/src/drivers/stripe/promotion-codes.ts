import * as z from 'zod/mini'
import { FareboxError } from '../../errors/error.ts'
import type { StripeClient } from './client.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'

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

/** A code may be for other customers, for a first purchase or for a larger amount: only Stripe knows all of it. */
export function refuseCode(error: unknown): never {
  throw refusedParameter.safeParse(error).success ? promotionCodeRefused() : error
}

/** Of Stripe's error, that it is about a discount: https://docs.stripe.com/api/errors#errors-param */
const refusedParameter = z.object({ param: z.string().check(z.regex(/^(phases\[\d+\]\[)?discounts\b/)) })

function promotionCodeRefused(): FareboxError {
  return new FareboxError('invalid-request', 'The promotion code cannot be used', {
    reason: 'promotion-code-refused',
    faults: [{ path: 'promotionCode', message: 'Give a code that is active and good for this customer and this purchase' }],
  })
}
