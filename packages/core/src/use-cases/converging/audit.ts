import { type Milliseconds, day } from '../../domain/instant.ts'
import { invalidRequest } from '../../errors/error.ts'
import type { AuditRow, RecordWrite } from '../../ports/record-store.ts'
import { checkId } from '../customers/check-id.ts'
import type { KnownCustomer } from '../customers/ensure-customer.ts'

/** Who is behind a change, and why. It is kept with the change, and shown to admins alone. */
export interface Accountable {
  /** Whoever asks for it, as your sign-in names them. Without it, the app itself did. */
  readonly actor?: string
  /** 1 to 500 characters. */
  readonly reason?: string
}

/** {@link Accountable}, checked. */
export interface Attribution {
  readonly actor: string | null
  readonly reason: string | null
}

const longestReason = 500

/** As long as counters are kept for history. */
export const auditedFor: Milliseconds = 400 * day

/** @throws FareboxError `invalid-request`. */
export function checkAttribution({ actor, reason }: Accountable): Attribution {
  if (reason !== undefined && (typeof reason !== 'string' || reason.trim() === '' || reason.length > longestReason)) {
    throw invalidRequest('The reason is not valid', 'reason', `Give a text of 1 to ${longestReason} characters`)
  }
  return { actor: actor === undefined ? null : checkId(actor, 'actor'), reason: reason ?? null }
}

/**
 * The row that tells of a change, to be written along with it. It bears the version after the one that was changed: so there
 * is one for each change, however often it is tried.
 */
export function auditWrite(
  { records, now: at }: KnownCustomer,
  { actor, reason }: Attribution,
  action: AuditRow['action'],
  detail: AuditRow['detail'],
): RecordWrite {
  const value = { at, actor, action, detail: { ...detail, reason }, keepUntil: at + auditedFor }
  return { collection: 'audit', id: String(records.version + 1), expect: 0, value }
}
