import { FareboxError, isFareboxError } from '../../errors/error.ts'

/** Somebody else writes: nothing of the transaction happened, and it can be tried again. */
export function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error)) || /database (table )?is locked|SQLITE_BUSY/.test(messageOf(error))
}

/** Whether a row stood in the way of another. */
export function isTaken(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_CONSTRAINT') || /constraint failed/.test(messageOf(error))
}

/** What a client threw, with its own error as the cause. Neither SQL nor values are told. */
export function toFareboxError(error: unknown): FareboxError {
  if (isFareboxError(error)) return error
  const message = messageOf(error)
  if (/within a transaction/.test(message)) return openTransaction(error)
  if (/no such (table|column)|has no column|no column named|ON CONFLICT clause does not match/.test(message)) {
    const advice = 'Its tables whose names begin with farebox_ are not those of this version of Farebox: restore or drop them'
    return new FareboxError('invalid-configuration', 'The SQLite database holds other tables', {
      faults: [{ path: 'client', message: advice }],
      reason: 'foreign-tables',
      cause: error,
    })
  }
  if (/SQLITE_READONLY/.test(codeOf(error)) || /readonly database/.test(message)) {
    return new FareboxError('invalid-configuration', 'The SQLite database may not be written', {
      faults: [{ path: 'client', message: 'Open the file for writing' }],
      cause: error,
    })
  }
  const told = isBusy(error) ? 'stays busy' : /SQLITE_FULL/.test(codeOf(error)) || /is full/.test(message) ? 'is full' : 'did not answer'
  return new FareboxError('unavailable', `The SQLite database ${told}`, { cause: error })
}

/** A transaction of the app would take in what Farebox counts, and undo it with its own rollback. */
export function openTransaction(cause?: unknown): FareboxError {
  const message = 'Call Farebox before the transaction or after it, or give it a connection of its own'
  return new FareboxError('invalid-configuration', 'The app has a transaction open on the connection of Farebox', {
    faults: [{ path: 'client', message }],
    reason: 'open-transaction',
    ...(cause !== undefined && { cause }),
  })
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  const code: unknown = 'code' in error ? error.code : undefined
  const extended: unknown = 'extendedCode' in error ? error.extendedCode : undefined
  if (code === 'ERR_SQLITE_ERROR' && 'errcode' in error && typeof error.errcode === 'number') return codes.get(error.errcode & 0xff) ?? ''
  return typeof extended === 'string' ? extended : typeof code === 'string' ? code : ''
}

/** Primary result codes, of a client that tells numbers. */
const codes: ReadonlyMap<number, string> = new Map([
  [5, 'SQLITE_BUSY'],
  [6, 'SQLITE_LOCKED'],
  [8, 'SQLITE_READONLY'],
  [13, 'SQLITE_FULL'],
])

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : ''
}
