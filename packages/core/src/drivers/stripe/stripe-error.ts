import * as z from 'zod/mini'
import { FareboxError, isFareboxError } from '../../errors/error.ts'

const stripeError = z.object({
  type: z.string(),
  code: z.optional(z.nullable(z.string())),
  statusCode: z.optional(z.nullable(z.number())),
  headers: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
  param: z.optional(z.unknown()),
  requestId: z.optional(z.unknown()),
})

/**
 * Statuses after which the same request may succeed: https://docs.stripe.com/error-low-level. So it may with another key: one that
 * was rolled says nothing of what was asked for, and nothing may be given up by it.
 */
const passing: readonly number[] = [401, 408, 409, 425, 429]

/**
 * Calls Stripe and turns its errors into ours. Kept are the stable error code, the name of the parameter that was refused, and under
 * which id the dashboard shows the request: Stripe's messages may quote keys, e-mail addresses and what the customer typed.
 *
 * @throws FareboxError `unavailable` when Stripe cannot be reached, is too busy, fails or does not know the key; `payments-failed` with
 * Stripe's code as `reason`, and the parameter's path below `stripe`, when it refuses.
 */
export async function callStripe<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call()
  } catch (error) {
    throw isFareboxError(error) ? error : fromStripe(error)
  }
}

/** The reason of a failure that Stripe repeats under the same idempotency key: https://docs.stripe.com/api/idempotent_requests */
export const replayedFailure = 'replayed-failure'

function fromStripe(error: unknown): FareboxError {
  const parsed = stripeError.safeParse(error)
  if (!parsed.success) return new FareboxError('unavailable', 'Stripe could not be reached')
  const { type, code, statusCode, headers, param, requestId } = parsed.data
  if (statusCode != null && statusCode >= 500 && headers?.['idempotent-replayed'] === 'true') {
    return new FareboxError('unavailable', 'Stripe repeats a failure', { reason: replayedFailure })
  }
  if (statusCode === undefined || statusCode === null || statusCode >= 500 || passing.includes(statusCode)) {
    const what = statusCode === 401 ? 'Stripe does not take the secret key: look at STRIPE_SECRET_KEY' : 'Stripe could not be reached'
    return new FareboxError('unavailable', what, { reason: safeCode(code ?? type) })
  }
  const id = typeof requestId === 'string' && /^req_\w{1,64}$/.test(requestId) ? requestId : undefined
  const look = id === undefined ? 'its logs in the dashboard say why' : `its log of ${id} in the dashboard says why`
  const isNamed = typeof param === 'string' && /^[\w[\]]{1,200}$/.test(param)
  return new FareboxError('payments-failed', `Stripe refused the request: ${look}`, {
    reason: safeCode(code ?? type),
    ...(isNamed && { faults: [{ path: `stripe.${param}`, message: 'Stripe does not take what was sent here' }] }),
  })
}

/** An answer of the expected shape. @throws FareboxError `payments-failed`, without any of its content. */
export function parseAnswer<Schema extends z.ZodMiniType>(schema: Schema, answer: unknown): z.output<Schema> {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(({ path }) => ({ path: path.join('.'), message: 'Not of the documented shape' }))
  throw new FareboxError('payments-failed', 'Stripe answered in a shape that is not known', { reason: 'unexpected-answer', faults })
}

/** Codes are stored and logged, so nothing else may pass for one. */
function safeCode(code: string): string {
  return /^\w{1,64}$/.test(code) ? code : 'unknown'
}
