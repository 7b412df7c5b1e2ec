import * as z from 'zod/mini'
import { second } from '../../domain/instant.ts'
import { FareboxError, isFareboxError } from '../../errors/error.ts'
import type { PaymentFailure } from '../../ports/payments.ts'

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

/** As with a key of another account or mode, or where test data was deleted in the dashboard, or a simulator was started anew. */
const missing = 'Stripe does not know what it was asked for. Is the key of the account and mode in which that was made, and is it still there'

function fromStripe(error: unknown): FareboxError {
  const parsed = stripeError.safeParse(error)
  if (!parsed.success) return new FareboxError('unavailable', 'Stripe could not be reached')
  const { type, code, statusCode, headers } = parsed.data
  const cause = failureOf(parsed.data)
  if (statusCode != null && statusCode >= 500 && headers?.['idempotent-replayed'] === 'true') {
    return new FareboxError('unavailable', 'Stripe repeats a failure', { reason: replayedFailure, cause })
  }
  if (statusCode === undefined || statusCode === null || statusCode >= 500 || passing.includes(statusCode)) {
    const what = statusCode === 401 ? 'Stripe does not take the secret key: look at STRIPE_SECRET_KEY' : 'Stripe could not be reached'
    return new FareboxError('unavailable', what, { reason: safeCode(code ?? type), cause })
  }
  const { stripeRequest: request, stripeParameter: parameter } = cause.log
  const look = request === undefined ? 'its logs in the dashboard say why' : `its log of ${request} in the dashboard says why`
  const what = code === 'resource_missing' ? missing : 'Stripe refused the request'
  return new FareboxError('payments-failed', `${what}: ${look}`, {
    reason: safeCode(code ?? type),
    ...(parameter !== undefined && { faults: [{ path: `stripe.${parameter}`, message: 'Stripe does not take what was sent here' }] }),
    cause,
  })
}

/** What is safe to tell: ids and names of Stripe's own making. */
function failureOf({ statusCode, headers, param, requestId }: z.output<typeof stripeError>): PaymentFailure {
  const asked = String(headers?.['retry-after'])
  return {
    log: {
      ...(typeof requestId === 'string' && /^req_\w{1,64}$/.test(requestId) && { stripeRequest: requestId }),
      ...(typeof param === 'string' && /^[\w[\]]{1,200}$/.test(param) && { stripeParameter: param }),
    },
    ...(statusCode === 429 && { retryAfter: /^\d{1,4}$/.test(asked) ? Number(asked) * second : 0 }),
  }
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
