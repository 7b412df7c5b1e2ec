import { StripeError, type ErrorBody } from '../errors.ts'

/** An answer before it becomes a `Response`: what idempotency keys remember. */
export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>> | { readonly error: ErrorBody }
}

/** The answer that refuses a request; anything unforeseen becomes a 500 that says nothing of its cause. */
export function refusal(error: unknown): Answer {
  if (error instanceof StripeError) return { status: error.status, body: { error: error.body } }
  const body: ErrorBody = { type: 'api_error', message: 'The simulator failed to answer. This is a fault of the simulator.' }
  return { status: 500, body: { error: body } }
}

/** An answer as it goes out. */
export interface ApiResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The answer with the headers that Stripe's clients read. */
export function respond({ status, body }: Answer, requestId: string, version: string, details: Details = {}): ApiResponse {
  return respondWith(status, JSON.stringify(body), requestId, version, details)
}

/** What an answer says of the idempotency key of its request. */
interface Details {
  readonly idempotencyKey?: string | undefined
  readonly isReplayed?: boolean
}

/** The same with a body that was written out before. */
export function respondWith(
  status: number,
  body: string,
  requestId: string,
  version: string,
  { idempotencyKey, isReplayed }: Details = {},
): ApiResponse {
  const headers = {
    'content-type': 'application/json',
    'request-id': requestId,
    'stripe-version': version,
    ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    ...(isReplayed === true && { 'idempotent-replayed': 'true' }),
    // A repeated request would be refused again: stops the retries that Stripe's clients make on 5xx.
    ...(status >= 500 && { 'stripe-should-retry': 'false' }),
  }
  return { status, headers, body }
}

/** The same as an answer over HTTP. */
export function toResponse({ status, headers, body }: ApiResponse): Response {
  return new Response(body, { status, headers })
}
