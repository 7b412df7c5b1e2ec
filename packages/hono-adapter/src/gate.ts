import type { Caller, Decision, ProblemStatus } from '@farebox/core'
import type { MiddlewareHandler } from 'hono'
import type { Refusal } from './refuse.ts'

/** What a gate leaves for the handler, under `c.var.farebox`. */
export interface GateEnv {
  Variables: { farebox: { readonly caller: Caller; readonly decision?: Decision } }
}

/** What `meter` leaves for the handler: the decision too. */
export interface MeterEnv {
  Variables: { farebox: { readonly caller: Caller; readonly decision: Decision } }
}

/** What `meterAnyone` leaves for the handler: `caller` is `null` for one without a token. */
export interface AnyoneEnv {
  Variables: { farebox: { readonly caller: Caller | null; readonly decision: Decision } }
}

/** A middleware that lets a request go on, or answers with a problem document of one of these statuses. */
export type Gate<Status extends ProblemStatus, E extends GateEnv | AnyoneEnv = GateEnv> = MiddlewareHandler<
  E,
  string,
  // eslint-disable-next-line typescript/no-empty-object-type -- Hono's own name for "reads nothing of the input"
  {},
  Refusal<Status>
>
