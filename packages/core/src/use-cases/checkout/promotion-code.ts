import { FareboxError } from '../../errors/error.ts'
import type { Payments } from '../../ports/payments.ts'

/** The reason of an error about a promotion code that is not good for what it was given with. */
export const codeRefused = 'promotion-code-refused'

/**
 * The payment service's id of a code. One that is only `known`, and no longer active, may have been used up by the very customer who asks again.
 * @throws FareboxError `invalid-request` with the path where there is no such code.
 */
export async function getPromotionCode(payments: Payments, code: string, which: 'active' | 'known' = 'active'): Promise<string> {
  if (code.startsWith('promo_')) return code
  const found = await payments.findPromotionCode(code)
  if (found !== undefined && (found.active || which === 'known')) return found.id
  throw new FareboxError('invalid-request', 'The promotion code cannot be used', {
    reason: codeRefused,
    faults: [{ path: 'promotionCode', message: 'There is no such code, or it has expired' }],
  })
}
