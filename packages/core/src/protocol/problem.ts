import type { RefusalReason } from '../domain/decision.ts'
import type { Fault } from '../errors/error.ts'
import type { IsoInstant } from './snapshot.ts'

/** The last part of a problem's `type`. */
export type ProblemName =
  | Exclude<RefusalReason, 'unavailable'>
  | 'unauthenticated'
  | 'forbidden'
  | 'idempotency-replayed'
  | 'already-subscribed'
  | 'invalid-request'
  | 'invalid-signature'
  | 'in-progress'
  | 'not-found'
  | 'method-not-allowed'
  | 'payload-too-large'
  | 'payments-failed'
  | 'overloaded'
  | 'unavailable'
  | 'internal'

/** A problem document (RFC 9457), served as `application/problem+json`. */
export interface Problem {
  /** `<docs base>/problems/<name>`. */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly feature?: string
  readonly currentPlan?: string
  readonly requiredPlans?: readonly string[]
  readonly upgradeUrl?: string
  readonly portalUrl?: string
  readonly graceEndedAt?: IsoInstant | null
  readonly limit?: number | null
  readonly used?: number
  readonly resetsAt?: IsoInstant | null
  readonly lift?: { readonly plan: string; readonly limit: number | null }
  readonly faults?: readonly Fault[]
}

/** The `Content-Type` of problem documents (RFC 9457). */
export const problemMediaType = 'application/problem+json'

/** Where problem types are described unless the app says otherwise: a relative reference, resolved against the app. */
export const defaultProblemBase = '/problems'

/** The name in a problem's `type`, or `undefined` when it is not a problem of ours. */
export function problemNameOf(problem: { readonly type?: unknown }): string | undefined {
  if (typeof problem.type !== 'string') return undefined
  return /\/problems\/([a-z-]+)$/.exec(problem.type)?.[1]
}
