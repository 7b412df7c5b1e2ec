import { corruptRow } from '../../storage/rows/corrupt-row.ts'

/** A row as D1 answers it. */
export type Row = Readonly<Record<string, unknown>>

/** @throws FareboxError `unavailable` (`corrupt-row`), as the others. */
export function rowsOf(results: readonly unknown[] | undefined): readonly Row[] {
  // D1 answers each row as an object by the names of its columns; every field is checked when it is read.
  return (results ?? []) as readonly Row[]
}

export function textAt(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw corruptRow(column)
  return value
}

export function numberAt(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number') throw corruptRow(column)
  return value
}

/** A number, or `null` where the column holds none. */
export function maybeNumberAt(row: Row, column: string): number | null {
  return row[column] === null ? null : numberAt(row, column)
}
