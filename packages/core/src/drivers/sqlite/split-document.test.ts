import BetterSqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { CustomerUsage } from '../../storage/counting/customer-usage.ts'
import { decodeDocument } from '../../storage/rows/usage-document.ts'
import { splitDocument, wholeDocument } from './split-document.ts'

function wholeOf(...values: readonly (string | number | null)[]): unknown {
  const database = new BetterSqlite(':memory:')
  database.exec('create table farebox_usage (document text not null, used integer, until integer)')
  database.prepare('insert into farebox_usage values (?, ?, ?)').run(...values)
  const whole = database.prepare(`select ${wholeDocument} from farebox_usage as usage`).pluck().get()
  database.close()
  return whole
}

it.each([
  ['1,1763760000000;apiCalls,,,1,allowance:1763596800000,12,,1766188800000', ['1,%;apiCalls,,,1,allowance:1763596800000,%,,1766188800000', 12, 1763760000000]],
  ['0,5;a,,1,1,b,9007199254740991,,', ['0,%;a,,1,1,b,%,,', 9007199254740991, 5]],
  ['7,5;%0025%003b?,,,1,%002c%,3,,', ['7,%;%0025%003b?,,,1,%002c%,%,,', 3, 5]],
])('a document of one counter, %s, keeps its two numbers beside it', (text, split) => {
  expect(splitDocument(text)).toEqual(split)
  expect(() => decodeDocument(String(split[0]), new CustomerUsage())).toThrow('did not write')
  expect(wholeOf(...splitDocument(text))).toBe(text)
})

it.each([
  ['no marker', ',;apiCalls,,,1,b,1,,'],
  ['nothing used', '1,5;apiCalls,,,1,b,,,'],
  ['something held', '1,5;apiCalls,,,1,b,1,2,'],
  ['a gate', '1,5;apiCalls,,,1,b,1,,,minute,99'],
  ['a reservation', '1,5;apiCalls,77,,1,b,1,,'],
  ['two counters', '1,5;apiCalls,,,2,b,1,,,c,2,,'],
  ['two features', '1,5;apiCalls,,,1,b,1,,;exports,,,1,b,1,,'],
  ['a marker alone', '1,5'],
])('a document with %s stays as it is', (_, text) => {
  expect(splitDocument(text)).toEqual([text, null, null])
  expect(wholeOf(...splitDocument(text))).toBe(text)
})
