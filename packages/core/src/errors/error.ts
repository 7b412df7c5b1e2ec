/** Every way Farebox throws. Expected outcomes (refused, repeated, stale, duplicate) are values, never errors. */
export type ErrorCode =
  | 'invalid-catalog'
  | 'invalid-configuration'
  | 'invalid-request'
  | 'unauthenticated'
  | 'invalid-signature'
  | 'forbidden'
  | 'not-found'
  | 'already-subscribed'
  | 'conflict'
  | 'overloaded'
  | 'payments-failed'
  | 'unavailable'

/** One thing that is wrong, where it is (`plans.pro.prices.month`), and what to do about it. */
export interface Fault {
  readonly path: string
  readonly message: string
}

/** Options of {@link FareboxError}. */
export interface FareboxErrorOptions {
  /** All faults at once, never only the first. */
  readonly faults?: readonly Fault[]
  /** A stable, machine-readable refinement of the code, such as `token-expired`. */
  readonly reason?: string
  readonly cause?: unknown
}

/**
 * The one error class. `code` is stable and safe to switch on; `message`, `faults` and `reason` never hold a secret,
 * a token, a signature, an e-mail address or a request body.
 *
 * @example
 * ```ts
 * import { isFareboxError } from '@farebox/core'
 *
 * export function statusOf(error: unknown): number {
 *   return isFareboxError(error) && error.code === 'unavailable' ? 503 : 500
 * }
 * ```
 */
export class FareboxError extends Error {
  override readonly name = 'FareboxError'
  readonly code: ErrorCode
  readonly faults: readonly Fault[]
  readonly reason: string | undefined
  /** Survives two copies of the package, where `instanceof` does not. */
  readonly isFareboxError = true

  constructor(code: ErrorCode, message: string, options: FareboxErrorOptions = {}) {
    const listed = (options.faults ?? []).map((fault) => `\n  ${fault.path}: ${fault.message}`).join('')
    super(message + listed, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.faults = options.faults ?? []
    this.reason = options.reason
  }
}

/** True for an error of Farebox, also when the package is installed twice. */
export function isFareboxError(error: unknown): error is FareboxError {
  return typeof error === 'object' && error !== null && 'isFareboxError' in error
}

/** The refusal of a request for one fault of it: `about` says what is not valid, `advice` what to give at `path` instead. */
export function invalidRequest(about: string, path: string, advice: string): FareboxError {
  return new FareboxError('invalid-request', about, { faults: [{ path, message: advice }] })
}
