import type { Problem, ProblemStatus, Stop } from '@farebox/core'
import type { Context, TypedResponse } from 'hono'

/** A refusal, as the RPC client sees it. */
export type Refusal<Status extends ProblemStatus> = Response & TypedResponse<Problem, Status, 'json'>

const refused = Symbol('farebox refused')

/** Answers with what stopped the request. Header fields that earlier middleware prepared are kept. */
export function refuse<Status extends ProblemStatus>(c: Context, { problem, status, headers }: Stop<Status>): Refusal<Status> {
  c.set(refused, true)
  const answer: Response = c.body(JSON.stringify(problem), status, headers)
  // What Hono adds to a response's type exists in types alone.
  return answer as Refusal<Status>
}

/** Whether a gate refused this request, so that the handler behind it did not run. */
export function isRefused(c: Context): boolean {
  return c.get(refused) === true
}
