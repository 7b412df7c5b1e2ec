import { FareboxError, isFareboxError } from '../../errors/error.ts'
import { messageOf } from '../../ports/message-of.ts'

// Failures are told apart by the words of SQLite, which every client passes on, each with codes of its own.

/** Somebody else writes: nothing of the transaction happened, and it can be tried again. */
export function isBusy(error: unknown): boolean {
  return /database (\w+ )?is locked|SQLITE_(BUSY|LOCKED)/.test(messageOf(error))
}

/** Whether a row stood in the way of another. */
export function isTaken(error: unknown): boolean {
  return /constraint failed/.test(messageOf(error))
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
  if (/readonly database/.test(message)) {
    return new FareboxError('invalid-configuration', 'The SQLite database may not be written', {
      faults: [{ path: 'client', message: 'Open the file for writing' }],
      cause: error,
    })
  }
  const told = isBusy(error) ? 'stays busy' : /is full/.test(message) ? 'is full' : 'did not answer'
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
