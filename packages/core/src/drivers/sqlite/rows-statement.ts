import type { Value } from './client.ts'
import type { Command } from './connection.ts'

/** Rows that one statement writes at most; what is left over is written by statements of half as many, and so on. */
const mostRows = 128

/** A statement that writes several rows, in few texts, so that each is prepared once: of 128 rows, 64, 32 and so on. */
export class RowsStatement {
  private readonly columns: number
  private readonly sqlOf: (list: string) => string
  private readonly row: string
  private readonly texts: Map<number, string>

  /** `columns` values are given of each row; `row` says where they stand in it. A statement for `one` row may do the same in another way. */
  constructor(columns: number, sqlOf: (list: string) => string, row = `(${Array.from({ length: columns }, () => '?').join(', ')})`, one?: string) {
    this.columns = columns
    this.sqlOf = sqlOf
    this.row = row
    this.texts = new Map(one === undefined ? [] : [[1, one]])
  }

  /** Writes rows whose values stand one behind the other. */
  commands(values: readonly Value[]): readonly Command[] {
    const commands: Command[] = []
    let start = 0
    for (let size = mostRows; start < values.length; size /= 2) {
      const length = size * this.columns
      for (; values.length - start >= length; start += length) {
        const isWhole = length === values.length
        commands.push({ sql: this.textOf(size), values: isWhole ? values : values.slice(start, start + length) })
      }
    }
    return commands
  }

  private textOf(rows: number): string {
    const known = this.texts.get(rows)
    if (known !== undefined) return known
    const text = this.sqlOf(Array.from({ length: rows }, () => this.row).join(', '))
    this.texts.set(rows, text)
    return text
  }
}
