import { Stripe } from 'stripe'
import { expect, it } from 'vitest'
import { FareboxError } from '../../errors/error.ts'
import { callStripe } from './stripe-error.ts'

async function failureOf(thrown: unknown): Promise<unknown> {
  const failure = await callStripe(() => Promise.reject(thrown)).catch((error: unknown) => error)
  if (!(failure instanceof FareboxError) || String(failure).includes('canary') || failure.reason?.includes('canary')) throw failure
  return `${failure.code}:${failure.reason}`
}

it.each([
  [400, 'resource_missing', 'payments-failed:resource_missing'],
  [401, undefined, 'unavailable:StripeAuthenticationError'],
  [402, 'card_declined', 'payments-failed:card_declined'],
  [403, undefined, 'payments-failed:StripePermissionError'],
  [404, 'resource_missing', 'payments-failed:resource_missing'],
  [409, 'idempotency_key_in_use', 'unavailable:idempotency_key_in_use'],
  [429, 'rate_limit', 'unavailable:rate_limit'],
  [500, undefined, 'unavailable:StripeAPIError'],
  [503, undefined, 'unavailable:StripeAPIError'],
])('tells what may pass from what will not: an answer of %i', async (status, code, failure) => {
  const answer = (): Response => Response.json({ error: { type: 'invalid_request_error', code, message: 'canary' } }, { status })
  const client = new Stripe('sk_test_canary', {
    httpClient: Stripe.createFetchHttpClient(async () => answer()), maxNetworkRetries: 0, telemetry: false,
  })
  const thrown = await client.customers.retrieve('cus_1').catch((error: unknown) => error)
  expect(await failureOf(thrown)).toBe(failure)
})

it('names the parameter that was refused and the request, by which the dashboard tells the rest', async () => {
  const error = { type: 'invalid_request_error', param: 'automatic_tax[enabled]', message: 'canary' }
  const client = new Stripe('sk_test_canary', {
    httpClient: Stripe.createFetchHttpClient(async () => Response.json({ error }, { status: 400, headers: { 'request-id': 'req_Ab12' } })),
    maxNetworkRetries: 0, telemetry: false,
  })
  await expect(callStripe(() => client.customers.retrieve('cus_1'))).rejects.toMatchObject({
    code: 'payments-failed', message: expect.stringContaining('its log of req_Ab12 in the dashboard says why'),
    faults: [{ path: 'stripe.automatic_tax[enabled]', message: expect.any(String) }],
    cause: { log: { stripeRequest: 'req_Ab12', stripeParameter: 'automatic_tax[enabled]' } },
  })
  // Whatever else is in these places is not told.
  for (const strange of ['canary@example.com', 'a canary', 7, '']) {
    await expect(callStripe(() => Promise.reject({ type: 'StripeInvalidRequestError', statusCode: 400, param: strange, requestId: strange }))).rejects.toMatchObject({
      message: 'Stripe refused the request: its logs in the dashboard say why', faults: [], cause: { log: {} },
    })
  }
})

it.each([['30', 30_000], ['0', 0], ['Wed, 21 Oct 2026 07:28:00 GMT', 0], ['-1', 0], [undefined, 0]])('tells for how long Stripe wants to be left alone: %s', async (asked, retryAfter) => {
  const headers = { 'request-id': 'req_Ab12', ...(asked !== undefined && { 'retry-after': asked }) }
  const client = new Stripe('sk_test_canary', {
    httpClient: Stripe.createFetchHttpClient(async () => Response.json({ error: { type: 'invalid_request_error', code: 'rate_limit' } }, { status: 429, headers })),
    maxNetworkRetries: 0, telemetry: false,
  })
  await expect(callStripe(() => client.customers.retrieve('cus_1'))).rejects.toMatchObject({
    code: 'unavailable', reason: 'rate_limit', cause: { log: { stripeRequest: 'req_Ab12' }, retryAfter },
  })
})

it('says where to look for what Stripe does not know', async () => {
  const refused = { type: 'StripeInvalidRequestError', code: 'resource_missing', statusCode: 404 }
  await expect(callStripe(() => Promise.reject(refused))).rejects.toMatchObject({ code: 'payments-failed', message: expect.stringMatching(/account and mode/) })
})

it('says which key is not taken', async () => {
  const refused = { type: 'StripeAuthenticationError', statusCode: 401 }
  await expect(callStripe(() => Promise.reject(refused))).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('STRIPE_SECRET_KEY') })
})

it('says that Stripe cannot be reached where it gave no answer', async () => {
  const httpClient = Stripe.createFetchHttpClient(() => Promise.reject(new TypeError('canary')))
  const client = new Stripe('sk_test_canary', { httpClient, maxNetworkRetries: 0, telemetry: false })
  const thrown = await client.customers.retrieve('cus_1').catch((error: unknown) => error)
  expect(await failureOf(thrown)).toBe('unavailable:StripeConnectionError')
  for (const strange of [new Error('canary'), 'canary', null, undefined]) expect(await failureOf(strange)).toBe('unavailable:undefined')
})

it('takes nothing for a code that is none, and leaves our own errors as they are', async () => {
  const own = new FareboxError('conflict', 'Ours')
  await expect(callStripe(() => Promise.reject(own))).rejects.toBe(own)
  for (const code of ['canary@example.com', 'canary '.repeat(20), '']) {
    expect(await failureOf({ type: 'StripeCardError', code, statusCode: 402 })).toBe('payments-failed:unknown')
  }
})
