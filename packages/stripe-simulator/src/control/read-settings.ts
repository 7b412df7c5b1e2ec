import { invalidRequest } from '../errors.ts'
import type { Settings } from '../settings.ts'
import { pickGiven, readChoice, readNumber, refuseOthers } from './read-json.ts'

/** Reads and checks what is to be set; what is not named stays as it is. */
export function readSettings(body: ReadonlyMap<string, unknown>): Partial<Settings> {
  refuseOthers(body, ['afterRetries', 'bankDebitDays', 'lostDisputes', 'retryDays', 'taxPercentage'])
  return pickGiven({
    afterRetries: readChoice(body, 'afterRetries', ['cancel', 'unpaid', 'past_due', 'pause']),
    bankDebitDays: readNumber(body, 'bankDebitDays', { least: 1, most: 60, isWhole: true }),
    lostDisputes: readChoice(body, 'lostDisputes', ['cancel', 'keep']),
    retryDays: readDays(body.get('retryDays')),
    taxPercentage: readNumber(body, 'taxPercentage', { least: 0, most: 100 }),
  })
}

function readDays(days: unknown): readonly number[] | undefined {
  if (days === undefined) return undefined
  const isRight = Array.isArray(days) && days.length <= 8 && days.every((day) => Number.isInteger(day) && day >= 1 && day <= 60)
  if (!isRight) throw invalidRequest('retryDays must be at most eight whole numbers from 1 to 60', { param: 'retryDays' })
  return days
}
