import { FareboxError, isFareboxError } from '../../errors/error.ts'
import { messageOf } from '../../ports/message-of.ts'

/** What the server itself refuses, by the words of its answers: the reason, what is wrong and what to do about it. */
const refusals: readonly (readonly [RegExp, string, string])[] = [
  [/NOPERM|ACL failure|user executing the script can't/, 'not-permitted', "Redis's access list lacks what the guide of the Redis store lists"],
  [/READONLY/, 'read-only', 'This Redis is a read-only replica: connect to the primary'],
]

/**
 * What callers see of a client's failure: `unavailable`, and what to do where the server said what is wrong. The client's own error is the
 * cause, for only it may hold names and values.
 */
export function unavailable(cause: unknown, message = 'Redis did not answer'): FareboxError {
  if (isFareboxError(cause)) return cause
  const [, reason, advice] = refusals.find(([words]) => words.test(messageOf(cause))) ?? []
  return new FareboxError('unavailable', advice ?? message, { cause, ...(reason && { reason }) })
}

/** Whether the server does not know the script yet: after a restart, `SCRIPT FLUSH` or a failover. Nothing was run. */
export function isScriptUnknown(error: unknown): boolean {
  return /\bNOSCRIPT\b/.test(messageOf(error))
}
