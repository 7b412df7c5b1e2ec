import * as React from 'react'
import { commonEnglish } from '../messages/common-messages.ts'
import { useMessages } from '../messages/use-messages.ts'
import { type PartProps, part } from './part.tsx'

/** Props of {@link Skeleton}. */
export type SkeletonProps = PartProps<null> & {
  /** How many lines of text are coming; 3 unless said otherwise. */
  readonly lines?: number | undefined
}

/** Keeps the room of what is loading, and says that it is. */
export function Skeleton({ lines = 3, ...props }: SkeletonProps): React.ReactElement {
  const { loading } = useMessages(commonEnglish)
  const children = [
    <span key="text" data-slot="skeleton-text">{loading}</span>,
    ...Array.from({ length: lines }, (_, index) => <span key={index} data-slot="skeleton-line" aria-hidden />),
  ]
  return part('div', props, { 'data-farebox': '', 'data-slot': 'skeleton', 'aria-busy': true, children }, null)
}
