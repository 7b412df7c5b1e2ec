import { isFareboxError } from '@farebox/core'
import { Stripe } from 'stripe'

/** A failure in words, or as JSON: what is wrong and where. Never a stack trace, never a key. */
export function describeFailure(error: unknown, asJson: boolean): string {
  const failure = readFailure(error)
  const hide = (_: string, value: unknown): unknown => (typeof value === 'string' ? hideKeys(value) : value)
  return asJson ? JSON.stringify({ error: failure }, hide, 2) : hideKeys(failure.message)
}

interface Failure {
  readonly code: string
  readonly message: string
  readonly faults: readonly { readonly path: string; readonly message: string }[]
}

function readFailure(error: unknown): Failure {
  if (isFareboxError(error)) return { code: error.code, message: error.message, faults: error.faults }
  if (error instanceof Stripe.errors.StripeError) return readStripeFailure(error)
  return { code: 'unexpected', message: error instanceof Error ? error.message : 'Something else was thrown', faults: [] }
}

function readStripeFailure(error: InstanceType<typeof Stripe.errors.StripeError>): Failure {
  const { message } = error
  const code = error.code ?? error.type
  const faults = error.param === undefined ? [] : [{ path: error.param, message }]
  if (error instanceof Stripe.errors.StripeConnectionError) {
    return { code: 'unavailable', message: `Stripe could not be reached: ${message}`, faults }
  }
  if (error instanceof Stripe.errors.StripeAuthenticationError) {
    return { code: 'unauthenticated', message: 'Stripe does not know this secret key', faults: [] }
  }
  const request = error.requestId === undefined ? '' : `, request ${error.requestId}`
  return { code, message: `Stripe refused (${code}${request}): ${message}`, faults }
}

function hideKeys(text: string): string {
  return text.replace(/\b((?:[sr]k|whsec)_(?:test_|live_)?)[\w*]{6,}/g, '$1...')
}
