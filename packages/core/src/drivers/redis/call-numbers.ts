import { minute } from '../../domain/instant.ts'
import { tagOfSlot } from './key-names.ts'

/** Calls that share a name: each one is a bit of it. */
const most = 32_768

/** A name is kept for an hour after it was last renewed: longer than any client goes on sending a call again. */
const renewAfter = 10 * minute

/** A number that one call is known by. Clients send a call again by themselves; the script carries it out once. */
export interface CallNumber {
  /** Under which the numbers that were seen are kept, in the slot of the call. */
  readonly key: string
  readonly number: number
  /** Whether the script is to keep the name for longer. */
  readonly isRenewal: boolean
  /** The call has been answered. */
  confirm(): void
}

/** Numbers the calls of one store: `slot` is `null` where all keys lie in one place. */
export interface CallNumbers {
  next(slot: number | null): CallNumber
}

interface Row {
  readonly key: string
  next: number
  renewedAt: number
}

export function createCallNumbers(prefix: string): CallNumbers {
  const rows = new Map<number | null, Row>()

  // Workers give no random numbers before the first request, so names are made when they are needed.
  function begin(slot: number | null): Row {
    const tag = slot === null ? '' : `{${tagOfSlot(slot)}}:`
    const row = { key: `${prefix}calls:${tag}${crypto.randomUUID()}`, next: 0, renewedAt: Number.NEGATIVE_INFINITY }
    rows.set(slot, row)
    return row
  }

  return {
    next(slot) {
      let row = rows.get(slot)
      if (row === undefined || row.next === most) row = begin(slot)
      const { key, next: number } = row
      row.next += 1
      const askedAt = performance.now()
      const isRenewal = askedAt - row.renewedAt >= renewAfter
      const confirmed = row
      return { key, number, isRenewal, confirm: () => void (isRenewal && (confirmed.renewedAt = askedAt)) }
    },
  }
}
