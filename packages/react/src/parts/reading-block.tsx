import type * as React from 'react'
import type { Reading } from '../provider/use-snapshot.ts'
import { type PartProps, part } from './part.tsx'
import { ReadingBody, type ReadingSlots } from './reading-body.tsx'
import { readingProps } from './reading-part.tsx'

/** Props of a component that shows more than a text. */
export type BlockProps<Data> = Omit<PartProps<Reading<Data>>, 'children'> & ReadingSlots & {
  /** Makes another content of what was read; title and buttons stay, and so does what is there in place of a content. */
  readonly children?: ((data: Data) => React.ReactNode) | undefined
}

/** What stands in a block. */
export interface BlockContent {
  /** What is there in every state. */
  readonly title?: React.ReactNode
  readonly isEmpty: boolean
  /** Says what is empty. */
  readonly emptyText: string
  /** How many lines keep the room while it is loading; 3 unless said otherwise. */
  readonly lines?: number
  /** What is there when there is something. */
  readonly children: React.ReactNode
}

/** The root of a component that shows more than a text, and its content in every state. */
export function readingBlock<Data>(
  { loading, error, empty, children: make, ...props }: BlockProps<Data>,
  own: object,
  of: Reading<Data>,
  { title, ...content }: BlockContent,
): React.ReactElement {
  const made = make && of.status === 'success' && { children: make(of.data) }
  const children = [title, <ReadingBody key="body" of={of} {...{ loading, error, empty }} {...content} {...made} />]
  return part('div', props, { ...readingProps(of), ...own, children }, of)
}
