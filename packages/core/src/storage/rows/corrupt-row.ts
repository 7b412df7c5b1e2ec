import { FareboxError } from '../../errors/error.ts'

/** A row that Farebox did not write. What it holds is not told: it may be somebody's data. */
export function corruptRow(what: string): FareboxError {
  return new FareboxError('unavailable', `The usage store holds a ${what} that Farebox did not write. Restore the table from a backup`, {
    reason: 'corrupt-row',
  })
}
