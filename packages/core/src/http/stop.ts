import { toIso } from '../domain/instant.ts'
import type { Decision, RefusalReason } from '../domain/decision.ts'
import { type ErrorCode, type FareboxError, isFareboxError } from '../errors/error.ts'
import type { Problem, ProblemName } from '../protocol/problem.ts'
import type { HttpSettings } from './options.ts'
import { rateLimitFields } from './rate-limit-fields.ts'

export type ProblemStatus = 400 | 401 | 402 | 403 | 404 | 405 | 409 | 413 | 429 | 500 | 502 | 503

/** An answer that ends a request: a problem document with its status and header fields. */
export interface Stop<Status extends ProblemStatus = ProblemStatus> {
  readonly kind: 'stop'
  readonly status: Status
  readonly problem: Problem
  readonly headers: Readonly<Record<string, string>>
}

/** The status of each problem, as a type, so that adapters can keep it. */
export interface ProblemStatuses extends Record<ProblemName, ProblemStatus> {
  readonly 'plan-required': 402
  readonly 'payment-past-due': 402
  readonly 'quota-exceeded': 429
  readonly 'rate-limited': 429
  readonly 'idempotency-conflict': 409
  readonly 'idempotency-replayed': 409
  readonly 'already-subscribed': 409
  readonly 'in-progress': 409
  readonly unauthenticated: 401
  readonly forbidden: 403
  readonly 'invalid-request': 400
  readonly 'invalid-signature': 400
  readonly 'not-found': 404
  readonly 'method-not-allowed': 405
  readonly 'payload-too-large': 413
  readonly 'payments-failed': 502
  readonly overloaded: 503
  readonly unavailable: 503
  readonly internal: 500
}

const problems: { readonly [Name in ProblemName]: { readonly status: ProblemStatuses[Name]; readonly title: string } } = {
  'plan-required': { status: 402, title: 'The plan does not include this' },
  'payment-past-due': { status: 402, title: 'A payment is overdue' },
  'quota-exceeded': { status: 429, title: 'The allowance is used up' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  'idempotency-conflict': { status: 409, title: 'The idempotency key was used for another request' },
  'idempotency-replayed': { status: 409, title: 'This request was handled before' },
  'already-subscribed': { status: 409, title: 'There is a subscription already' },
  'in-progress': { status: 409, title: 'The same delivery is being handled' },
  unauthenticated: { status: 401, title: 'A valid token is needed' },
  forbidden: { status: 403, title: 'The role does not allow this' },
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'invalid-signature': { status: 400, title: 'The signature is not valid' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'payments-failed': { status: 502, title: 'The payment service refused' },
  overloaded: { status: 503, title: 'Too much is waiting' },
  unavailable: { status: 503, title: 'No answer can be given now' },
  internal: { status: 500, title: 'Something went wrong' },
}

/** Which problem an error becomes. Faults of configuration are ours, not the client's: they are told to the log alone. */
const problemOfCode: Readonly<Record<ErrorCode, ProblemName>> = {
  'invalid-catalog': 'internal',
  'invalid-configuration': 'internal',
  'invalid-request': 'invalid-request',
  unauthenticated: 'unauthenticated',
  'invalid-signature': 'invalid-signature',
  forbidden: 'forbidden',
  'not-found': 'not-found',
  'already-subscribed': 'already-subscribed',
  conflict: 'unavailable',
  overloaded: 'overloaded',
  'payments-failed': 'payments-failed',
  unavailable: 'unavailable',
}

/** Seconds after which a failure that is ours may have passed. */
const retryAfterFailure = '5'

/** The status a problem has, for adapters that keep it in types. */
export type StatusOf<Name extends ProblemName> = ProblemStatuses[Name]

/** A problem document with its status. Members beyond the standard ones come from `more`. */
export function stop<Name extends ProblemName>(
  settings: HttpSettings,
  name: Name,
  more: Partial<Problem> = {},
  headers: Readonly<Record<string, string>> = {},
): Stop<StatusOf<Name>> {
  const { status, title } = problems[name]
  const base: Record<string, string> = status === 401 ? { 'www-authenticate': 'Bearer' } : {}
  if (status === 503) base['retry-after'] = retryAfterFailure
  return {
    kind: 'stop',
    status,
    problem: { type: `${settings.problemBase}/${name}`, title, status, ...more },
    headers: { ...base, ...headers },
  }
}

/** What an error becomes outside: its code's problem, the faults that a client can mend, never its cause. Anything unknown is `internal`. */
export function stopOf(settings: HttpSettings, error: unknown): Stop {
  if (!isFareboxError(error)) return stop(settings, 'internal')
  const name = problemOfCode[error.code]
  return stop(settings, name, detailOf(name, error))
}

/** Faults that a client can mend. All others are ours or Stripe's. */
function detailOf(name: ProblemName, { faults }: FareboxError): Partial<Problem> {
  const isTheirs = name === 'invalid-request' || name === 'forbidden'
  return isTheirs && faults.length > 0 ? { faults } : {}
}

/** A refused decision as HTTP: the two 429s differ by type, so that a burst never shows an upgrade prompt. */
export function stopOfDecision<Reason extends RefusalReason>(
  settings: HttpSettings,
  decision: Decision & { readonly reason: Reason },
  now: number,
): Stop<StatusOf<Reason>> {
  const wait = decision.retryAt ?? decision.resetsAt
  const retry: Record<string, string> =
    wait === null || decision.reason === 'plan-required' || decision.reason === 'payment-past-due'
      ? {}
      : { 'retry-after': String(Math.max(1, Math.ceil((wait - now) / 1000))) }
  const more = membersOf(settings, decision)
  return stop(settings, decision.reason, { feature: decision.feature, ...more }, { ...retry, ...rateLimitFields(decision, now) })
}

function membersOf(settings: HttpSettings, decision: Decision): Partial<Problem> {
  const lift = decision.lift === undefined ? {} : { lift: decision.lift }
  switch (decision.reason) {
    case 'plan-required':
      return { currentPlan: decision.plan, requiredPlans: decision.requiredPlans, upgradeUrl: settings.upgradeUrl, ...lift }
    case 'payment-past-due':
      return {
        currentPlan: decision.plan,
        portalUrl: settings.upgradeUrl,
        graceEndedAt: decision.graceEndedAt === null ? null : toIso(decision.graceEndedAt),
      }
    case 'quota-exceeded':
      return {
        currentPlan: decision.plan,
        limit: decision.limit,
        used: decision.used,
        resetsAt: decision.resetsAt === null ? null : toIso(decision.resetsAt),
        upgradeUrl: settings.upgradeUrl,
        ...lift,
      }
    case 'allowed':
    case 'rate-limited':
    case 'idempotency-conflict':
    case 'unavailable':
      return {}
    default:
      return decision.reason satisfies never
  }
}
