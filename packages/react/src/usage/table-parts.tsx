import * as React from 'react'
import { type Part, type PartContext, createPart } from '../parts/create-part.tsx'
import { part } from '../parts/part.tsx'
import { useRequired } from '../provider/billing-context.ts'
import { ListBody, type ListContent, type ListItems, type ListRootProps, type ListState, createListItems, listRoot } from './list-parts.tsx'

/** The parts of a table of figures around its rows. */
export interface TableParts<Item> {
  readonly Table: Part<ListState<Item>, 'table'>
  readonly Title: Part<ListState<Item>, 'caption'>
  readonly Head: Part<ListState<Item>, 'thead'>
  readonly Rows: ListItems<Item, 'tbody'>
}

/** @see TableParts */
export function createTable<Item>(
  context: PartContext<ListState<Item>>,
  slot: string,
  keyOf: (item: Item) => string,
  makeRow: (item: Item) => React.ReactNode,
): TableParts<Item> {
  const Title = createPart(context, `${slot}-title`, 'caption', ({ title }) => ({ 'data-title': '', children: title }))
  const Head = createPart(context, `${slot}-head`, 'thead', ({ columns = [] }) => ({ children: <ColumnHeads of={columns} /> }))
  const Rows = createListItems(context, `${slot}-rows`, 'tbody', keyOf, makeRow)
  const children = <><Title /><Head /><Rows /></>
  return {
    Title,
    Head,
    Rows,
    Table(props) {
      const state = useRequired(context)
      return <ListBody of={state}>{part('table', props, { 'data-slot': `${slot}-table`, 'data-table': '', children }, state)}</ListBody>
    },
  }
}

/** The `Root` of a table. Where it is too wide it scrolls in itself, by keyboard as well. */
export function tableRoot<Item>(
  context: PartContext<ListState<Item>>,
  props: ListRootProps<Item>,
  slot: string,
  content: ListContent<Item>,
): React.ReactElement {
  return listRoot(context, props, { 'data-slot': slot, 'data-scroll': '', role: 'region', 'aria-label': content.title, tabIndex: 0 }, content)
}

/** What the columns of a table of figures are called: all but the first hold numbers. */
export function ColumnHeads({ of }: { readonly of: readonly string[] }): React.ReactElement {
  return (
    <tr>
      {of.map((column, index) => <th key={column} scope="col" data-numbers={index ? '' : undefined}>{column}</th>)}
    </tr>
  )
}
