import * as React from 'react'
import type { Reading } from '../provider/use-snapshot.ts'
import { type BlockProps, readingBlock } from '../parts/reading-block.tsx'

/** A table of figures: the first column says of what they are. */
export function DataTable({ title, columns, rows }: {
  readonly title: string
  readonly columns: readonly string[]
  /** Each a {@link DataRow}, or something that renders one. */
  readonly rows: readonly React.ReactElement[] | undefined
}): React.ReactElement {
  return (
    <table data-table="">
      <caption data-title="">{title}</caption>
      <thead>
        <tr>
          {columns.map((column, index) => (
            <th key={column} scope="col" data-numbers={index ? '' : undefined}>{column}</th>
          ))}
        </tr>
      </thead>
      <tbody>{rows}</tbody>
    </table>
  )
}

/** A row of a {@link DataTable}, with the attributes it is given. */
export function DataRow({ head, cells, ...props }: {
  readonly head: React.ReactNode
  readonly cells: readonly React.ReactNode[]
  readonly 'data-metric'?: string
  readonly 'data-tone'?: string | undefined
}): React.ReactElement {
  return (
    <tr {...props}>
      <th scope="row">{head}</th>
      {/* Cells never change places. */}
      {cells.map((cell, index) => <td key={index} data-numbers="">{cell}</td>)}
    </tr>
  )
}

/** A component that is a table. Where it is too wide it scrolls in itself, by keyboard as well. */
export function tableBlock<Data>(
  props: BlockProps<Data>,
  slot: string,
  of: Reading<Data>,
  emptyText: string,
  table: Parameters<typeof DataTable>[0],
): React.ReactElement {
  const own = { 'data-slot': slot, 'data-scroll': '', role: 'region', 'aria-label': table.title, tabIndex: 0 }
  return readingBlock(props, own, of, { isEmpty: !table.rows?.length, emptyText, children: <DataTable {...table} /> })
}
