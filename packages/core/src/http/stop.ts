import { type Instant, second, toIso } from '../domain/instant.ts'
import type { Decision, RefusalReason } from '../domain/decision.ts'
import { type FareboxError, isFareboxError } from '../errors/error.ts'
import { type Problem, type ProblemName, problemMediaType } from '../protocol/problem.ts'
import type { HttpSettings } from './options.ts'
import { rateLimitFields } from './rate-limit-fields.ts'

/** The HTTP statuses that problem documents are answered with. */
export type ProblemStatus = 400 | 401 | 402 | 403 | 404 | 405 | 409 | 413 | 429 | 500 | 502 | 503

/** An answer that ends a request: a problem document with its status and all of its header fields. */
export interface Stop<Status extends ProblemStatus = ProblemStatus> {
  readonly kind: 'stop'
  readonly status: Status
  readonly problem: Problem
  readonly headers: Readonly<Record<string, string>>
}

const problems = {
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
} as const

/** Seconds after which a failure that is ours may have passed. */
const retryAfterFailure = '5'

/** The status a problem has, for adapters that keep it in types. */
export type StatusOf<Name extends ProblemName> = (typeof problems)[Name]['status']

/** A problem document with its status. Members beyond the standard ones come from `more`. */
export function stop<Name extends ProblemName>(
  settings: HttpSettings,
  name: Name,
  more: Partial<Problem> = {},
  headers: Readonly<Record<string, string>> = {},
): Stop<StatusOf<Name>> {
  const { status, title } = problems[name]
  return {
    kind: 'stop',
    status,
    problem: { type: `${settings.problemBase}/${name}`, title, status, ...more },
    headers: {
      'content-type': problemMediaType,
      'cache-control': 'no-store',
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      ...(status === 503 && { 'retry-after': retryAfterFailure }),
      ...headers,
    },
  }
}

/** What an error becomes outside: its code's problem, with faults where they are the client's to mend, never its cause. Anything unknown is `internal`. */
export function stopOf(settings: HttpSettings, error: unknown): Stop {
  if (!isFareboxError(error)) return stop(settings, 'internal')
  const { faults } = error
  const name = problemOf(error)
  return stop(settings, name, problems[name].status < 500 && faults.length > 0 ? { faults } : {})
}

/** Which problem an error becomes. Faults of configuration are ours, not the client's: they are told to the log alone. */
function problemOf({ code, reason }: FareboxError): ProblemName {
  if (reason === 'payload-too-large') return reason
  if (reason === 'key-taken') return 'idempotency-conflict'
  switch (code) {
    case 'invalid-catalog':
    case 'invalid-configuration':
      return 'internal'
    case 'conflict':
      return 'unavailable'
    default:
      // A newer copy of the package may know others.
      return Object.hasOwn(problems, code) ? code : 'internal'
  }
}

/** A refused decision as HTTP: the two 429s differ by type, so that a burst never shows an upgrade prompt. */
export function stopOfDecision<Reason extends RefusalReason>(
  settings: HttpSettings,
  decision: Decision & { readonly reason: Reason },
  now: Instant,
): Stop<StatusOf<Reason>> {
  // Time alone brings back neither a plan, nor what a debt took, nor a key that was used.
  const wait = problems[decision.reason].status === 429 ? (decision.retryAt ?? decision.resetsAt) : null
  const retry = wait === null ? {} : retryAfter(wait, now)
  const more = membersOf(settings, decision)
  return stop(settings, decision.reason, { feature: decision.feature, ...more }, { ...retry, ...rateLimitFields(decision, now) })
}

/** How long to wait, in whole seconds: at least one. */
export function retryAfter(instant: Instant, now: Instant): Record<string, string> {
  return { 'retry-after': String(Math.max(1, Math.ceil((instant - now) / second))) }
}

function membersOf({ upgradeUrl }: HttpSettings, decision: Decision): Partial<Problem> {
  const { plan: currentPlan, requiredPlans, limit, used, lift } = decision
  const upgrade = { currentPlan, upgradeUrl, ...(lift !== undefined && { lift }) }
  switch (decision.reason) {
    case 'plan-required':
      return { ...upgrade, requiredPlans }
    case 'payment-past-due':
      return { currentPlan, portalUrl: upgradeUrl, graceEndedAt: toIso(decision.graceEndedAt) }
    case 'quota-exceeded':
      return { ...upgrade, limit, used, resetsAt: toIso(decision.resetsAt) }
    case 'allowed':
    case 'rate-limited':
    case 'idempotency-conflict':
    case 'unavailable':
      return {}
    default:
      return decision.reason satisfies never
  }
}
