/** The types of error that Stripe's clients tell apart. */
export type ErrorType = 'invalid_request_error' | 'idempotency_error' | 'card_error' | 'api_error'

/** The `error` object of an answer. `param` is in Stripe's bracket form, such as `items[0][price]`. */
export interface ErrorBody {
  readonly type: ErrorType
  readonly message: string
  readonly code?: string
  readonly decline_code?: string
  readonly param?: string
}

/** A refusal that is answered to the caller as Stripe shapes it. What its action has written is taken back. */
export class StripeError extends Error {
  readonly status: number
  readonly body: ErrorBody
  /** The refusal is itself an outcome to be kept, such as a failed attempt to pay. */
  readonly keepsWrites: boolean

  constructor(status: number, body: ErrorBody, options: { readonly keepsWrites?: boolean } = {}) {
    super(body.message)
    this.keepsWrites = options.keepsWrites ?? false
    this.name = 'StripeError'
    this.status = status
    this.body = body
  }
}

/** 400: the request cannot be right. */
export function invalidRequest(message: string, details: { code?: string; param?: string } = {}): StripeError {
  return new StripeError(400, { type: 'invalid_request_error', message, ...details })
}

/** 400 `parameter_missing`. */
export function missingParameter(param: string): StripeError {
  return invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param })
}

/** 400 `parameters_exclusive`: at most one of these can be given. They are told by their own names, the fault by its whole path. */
export function exclusiveParameters(names: readonly string[], param?: string): StripeError {
  const message = `You may only specify one of these parameters: ${names.join(', ')}.`
  return invalidRequest(message, { code: 'parameters_exclusive', param: param ?? names[0] ?? '' })
}

/** 400 `parameter_invalid_integer`: no number of the `kind` that is wanted. */
export function invalidInteger(kind: 'non-negative' | 'positive', param: string): StripeError {
  return invalidRequest(`Invalid ${kind} integer`, { code: 'parameter_invalid_integer', param })
}

/** 404 `resource_missing` for the object in the path; 400 when it was named by a parameter. */
export function missingResource(noun: string, id: string, param = 'id'): StripeError {
  const status = param === 'id' ? 404 : 400
  const message = `No such ${noun}: '${id}'`
  return new StripeError(status, { type: 'invalid_request_error', code: 'resource_missing', message, param })
}

/** 402 for what a card or bank account answered. */
export function cardRefused(error: {
  readonly code: string
  readonly decline_code: string
  readonly message: string
}): StripeError {
  const { decline_code, ...body } = error
  return new StripeError(402, { type: 'card_error', ...body, ...(decline_code !== '' && { decline_code }) })
}

/** 501 `simulator_unsupported`: Stripe may well do this, the simulator does not and will not pretend to. */
export function unsupported(what: string, param?: string): StripeError {
  return new StripeError(501, {
    type: 'invalid_request_error',
    code: 'simulator_unsupported',
    message: `The simulator does not simulate ${what}.`,
    ...(param !== undefined && { param }),
  })
}
