import { expect, it } from 'vitest'
import { inLists } from './in-lists.ts'

it('cuts a list at a hundred items, and before it is longer than a parameter may be', () => {
  expect(inLists('a', [])).toEqual([])
  const parts = inLists('a', Array.from({ length: 250 }, (_, index) => [index]), 'b', null)
  expect(parts.map(({ sql, values: [, ...others] }) => [sql, ...others])).toEqual([['a', 'b', null], ['a', 'b', null], ['a', 'b', null]])
  expect(parts.flatMap(({ values: [list] }) => JSON.parse(String(list)) as unknown)).toEqual(Array.from({ length: 250 }, (_, index) => [index]))
  expect(parts.map(({ values: [list] }) => (JSON.parse(String(list)) as unknown[]).length)).toEqual([100, 100, 50])

  const long = Array.from({ length: 20 }, (_, index) => [`${index}`.padEnd(120_000, 'ä')])
  const lists = inLists('a', long).map(({ values: [list] }) => String(list))
  expect(lists.flatMap((list) => JSON.parse(list) as unknown)).toEqual(long)
  // 2 MB, of which a character takes at most three bytes.
  for (const list of lists) expect(list.length * 3).toBeLessThan(2_000_000)
  expect(lists).toHaveLength(5)
})
