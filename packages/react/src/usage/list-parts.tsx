import * as React from 'react'
import { type PartContext, rootPart } from '../parts/create-part.tsx'
import { type PartProps, type PartTag, part } from '../parts/part.tsx'
import { ReadingBody, type ReadingSlots } from '../parts/reading-body.tsx'
import { readingProps } from '../parts/reading-part.tsx'
import { useRequired } from '../provider/billing-context.ts'
import type { Reading } from '../provider/use-snapshot.ts'

/** What a list shows, and what it is called. */
export interface ListContent<Item> {
  readonly items: Reading<readonly Item[]>
  readonly title: string
  /** Says what is empty. */
  readonly emptyText: string
  /** What the columns of a table are called; the first says of what the figures are. */
  readonly columns?: readonly string[]
}

/** What the parts of a list know. */
export type ListState<Item> = ListContent<Item> & ReadingSlots

/** Props of the `Root` of a list. */
export type ListRootProps<Item> = PartProps<ListState<Item>> & ReadingSlots

/** Props of a part that makes something of each item of a list. */
export type ListItemsProps<Item, Tag extends PartTag> = Omit<PartProps<ListState<Item>, Tag>, 'children'> & {
  /** Makes something of an item; the item's own part unless said otherwise. */
  readonly children?: ((item: Item) => React.ReactNode) | undefined
}

/** A part that makes something of each item of a list. */
export type ListItems<Item, Tag extends PartTag> = (props: ListItemsProps<Item, Tag>) => React.ReactElement

/** The `Root` of a list. The part that holds its items shows its state in their place; all others are there in every state. */
export function listRoot<Item>(
  context: PartContext<ListState<Item>>,
  { loading, error, empty, ...props }: ListRootProps<Item>,
  own: object,
  content: ListContent<Item>,
): React.ReactElement {
  return rootPart(context, 'div', props, { ...readingProps(content.items), ...own }, { ...content, loading, error, empty })
}

/** What holds the items of a list, or why there is nothing to show. */
export function ListBody<Item>({ of, children }: { readonly of: ListState<Item>; readonly children: React.ReactNode }): React.ReactElement {
  return <ReadingBody {...of} of={of.items} isEmpty={!of.items.data?.length}>{children}</ReadingBody>
}

/** A part that makes something of each item. It has no state of its own: it stands in a `ListBody`. */
export function createListItems<Item, Tag extends PartTag>(
  context: PartContext<ListState<Item>>,
  slot: string,
  tag: Tag,
  keyOf: (item: Item) => string,
  make: (item: Item) => React.ReactNode,
): ListItems<Item, Tag> {
  return function Items({ children = make, ...props }: ListItemsProps<Item, PartTag>) {
    const state = useRequired(context)
    const items = state.items.data?.map((item) => <React.Fragment key={keyOf(item)}>{children(item)}</React.Fragment>)
    return part(tag, props, { 'data-slot': slot, children: items }, state)
  }
}

/** A part that makes something of each item, and holds them: it shows the state of the list in their place. */
export function createList<Item, Tag extends PartTag>(...of: Parameters<typeof createListItems<Item, Tag>>): ListItems<Item, Tag> {
  const Items = createListItems(...of)
  return function List(props) {
    return <ListBody of={useRequired(of[0])}><Items {...props} /></ListBody>
  }
}
