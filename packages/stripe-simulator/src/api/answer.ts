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

/** The HTTP answer with the headers that Stripe's clients read. */
export function respond(
  answer: Answer,
  requestId: string,
  version: string,
  details: { readonly idempotencyKey?: string | undefined; readonly isReplayed?: boolean } = {},
): Response {
  const headers = new Headers({
    'content-type': 'application/json',
    'request-id': requestId,
    'stripe-version': version,
  })
  if (details.idempotencyKey !== undefined) headers.set('idempotency-key', details.idempotencyKey)
  if (details.isReplayed === true) headers.set('idempotent-replayed', 'true')
  // A repeated request would be refused again: stops the retries that Stripe's clients make on 5xx.
  if (answer.status >= 500) headers.set('stripe-should-retry', 'false')
  return new Response(JSON.stringify(answer.body), { status: answer.status, headers })
}
