import { isFareboxError } from '../errors/error.ts'

/** What went wrong, as a stable code that is safe to store and to log: never a message from outside. */
export function failureCode(error: unknown): string {
  if (!isFareboxError(error)) return 'internal'
  return error.reason === undefined ? error.code : `${error.code}:${error.reason}`
}
