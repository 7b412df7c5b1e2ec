import fc from 'fast-check'
import { expect, it } from 'vitest'
import { deriveHistoryCsv } from './derive-history-csv.ts'

const periods = [
  { periodStart: '2026-10-01T00:00:00.000Z', used: 1_234_567, overage: 0 },
  { periodStart: '2026-11-01T00:00:00.000Z', used: 500, overage: 5 },
]

/** Reads as RFC 4180 says: records end with CRLF, a quote in quotes is two. */
function read(csv: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

it('writes plain numbers and instants, whatever the locale', () => {
  expect(deriveHistoryCsv({ feature: 'apiCalls', unit: 'call', periods })).toBe(
    'feature,unit,periodStart,used,overage\r\n' +
      'apiCalls,call,2026-10-01T00:00:00.000Z,1234567,0\r\n' +
      'apiCalls,call,2026-11-01T00:00:00.000Z,500,5\r\n',
  )
  expect(deriveHistoryCsv({ feature: 'apiCalls', unit: 'call', periods: [] })).toBe('feature,unit,periodStart,used,overage\r\n')
})

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1+1', '＋1', '－1', '＠SUM(A1)', '=HYPERLINK("https://example.com","x")'])('makes no formula of %j', (text) => {
  const [, first] = read(deriveHistoryCsv({ feature: text, unit: text, periods }))
  expect(first?.slice(0, 2)).toEqual([`'${text}`, `'${text}`])
})

it('can be read back, whatever a feature and its unit are called', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', '=', '＝', 'a') }))
  fc.assert(
    fc.property(text, text, fc.nat(), (feature, unit, used) => {
      const csv = deriveHistoryCsv({ feature, unit, periods: [{ periodStart: '2026-11-01T00:00:00.000Z', used, overage: 0 }] })
      const [head, row, ...rest] = read(csv)
      expect(head).toHaveLength(5)
      expect(rest).toEqual([])
      const [name = '', word = '', ...raw] = row ?? []
      expect(raw).toEqual(['2026-11-01T00:00:00.000Z', String(used), '0'])
      for (const [written, given] of [[name, feature], [word, unit]] as const) {
        expect(written.endsWith(given)).toBe(true)
        expect(written).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/)
      }
    }),
  )
})
