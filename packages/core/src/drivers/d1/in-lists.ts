import type { D1Value, Prepared } from './database.ts'

/** D1 takes a hundred parameters in a statement and 2 MB in one of them: lists travel as JSON, of so many items each. */
const itemsPerList = 100

/** The statement once for each hundred items, which are its first parameter, `?1`; the others are the same for each. */
export function inLists(sql: string, items: readonly unknown[], ...others: readonly D1Value[]): readonly Prepared[] {
  const statements: Prepared[] = []
  for (let start = 0; start < items.length; start += itemsPerList) {
    statements.push({ sql, values: [JSON.stringify(items.slice(start, start + itemsPerList)), ...others] })
  }
  return statements
}
