import { invalidRequest } from '../errors.ts'
import type { AfterRetries, Settings } from '../settings.ts'
import { readNumber, readText, refuseOthers } from './read-json.ts'

const afterRetries: readonly AfterRetries[] = ['cancel', 'unpaid', 'past_due', 'pause']

/** Reads and checks what is to be set; what is not named stays as it is. */
export function readSettings(given: ReadonlyMap<string, unknown>): Partial<Settings> {
  refuseOthers(given, ['afterRetries', 'bankDebitDays', 'lostDisputes', 'retryDays'])
  const after = readText(given, 'afterRetries')
  const known = afterRetries.find((value) => value === after)
  if (after !== undefined && known === undefined) {
    throw invalidRequest(`afterRetries must be one of ${afterRetries.join(', ')}`, { param: 'afterRetries' })
  }
  const bankDebitDays = readNumber(given, 'bankDebitDays', { least: 1, most: 60, isWhole: true })
  const lostDisputes = readText(given, 'lostDisputes')
  if (lostDisputes !== undefined && lostDisputes !== 'cancel' && lostDisputes !== 'keep') {
    throw invalidRequest('lostDisputes must be cancel or keep', { param: 'lostDisputes' })
  }
  const retryDays = readDays(given.get('retryDays'))
  return {
    ...(known !== undefined && { afterRetries: known }),
    ...(bankDebitDays !== undefined && { bankDebitDays }),
    ...(lostDisputes !== undefined && { lostDisputes }),
    ...(retryDays !== undefined && { retryDays }),
  }
}

function readDays(days: unknown): readonly number[] | undefined {
  if (days === undefined) return undefined
  const isRight = Array.isArray(days) && days.length <= 8 && days.every((day) => Number.isInteger(day) && day >= 1 && day <= 60)
  if (!isRight) throw invalidRequest('retryDays must be at most eight whole numbers from 1 to 60', { param: 'retryDays' })
  return days
}
