import type { D1Value, Prepared } from './database.ts'

/** D1 takes a hundred parameters in a statement and 2 MB in one of them: lists travel as JSON, of so much each. */
const itemsPerList = 100
const charactersPerList = 500_000

/**
 * The statement once for each part of the items, a hundred or fewer where they are long. A part is the first parameter of
 * its statement, `?1`; the others are the same for each.
 */
export function inLists(sql: string, items: readonly unknown[], ...others: readonly D1Value[]): readonly Prepared[] {
  const statements: Prepared[] = []
  let list: string[] = []
  let characters = 0
  const end = (): void => {
    if (list.length > 0) statements.push({ sql, values: [`[${list.join(',')}]`, ...others] })
    list = []
    characters = 0
  }
  for (const item of items) {
    const text = JSON.stringify(item)
    if (list.length === itemsPerList || characters + text.length > charactersPerList) end()
    list.push(text)
    characters += text.length
  }
  end()
  return statements
}
