import { FareboxError, isFareboxError } from '../../errors/error.ts'

/** What callers see of a client's failure. The client's own error is the cause, for only it may hold names and values. */
export function unavailable(cause: unknown, message = 'Redis did not answer'): FareboxError {
  return isFareboxError(cause) ? cause : new FareboxError('unavailable', message, { cause })
}

/** Whether the server does not know the script yet: after a restart, `SCRIPT FLUSH` or a failover. Nothing was run. */
export function isScriptUnknown(error: unknown): boolean {
  return error instanceof Error && /\bNOSCRIPT\b/.test(error.message)
}
