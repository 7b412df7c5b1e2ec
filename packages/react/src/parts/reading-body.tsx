import * as React from 'react'
import { commonEnglish } from '../messages/common-messages.ts'
import { useMessages } from '../messages/use-messages.ts'
import type { Reading } from '../provider/use-snapshot.ts'
import { EmptyState } from './empty-state.tsx'
import { ErrorState } from './error-state.tsx'
import { Skeleton } from './skeleton.tsx'

/** What a component shows in place of its content. */
export interface ReadingSlots {
  /** While it is loading; a {@link Skeleton} unless said otherwise. */
  readonly loading?: React.ReactNode
  /** When it could not be loaded; an {@link ErrorState} unless said otherwise. */
  readonly error?: React.ReactNode
  /** When there is nothing to show; an {@link EmptyState} unless said otherwise. */
  readonly empty?: React.ReactNode
}

interface ReadingBodyProps extends ReadingSlots {
  readonly of: Reading<unknown>
  readonly isEmpty?: boolean
  /** Says what is empty. */
  readonly emptyText?: string
  /** How many lines the skeleton has, so that nothing moves when the content comes. */
  readonly lines?: number
  readonly children?: React.ReactNode
}

/** The content of a component that shows more than a text, in every state. */
export function ReadingBody({ of, isEmpty, emptyText, lines, loading, error, empty, children }: ReadingBodyProps): React.ReactNode {
  const messages = useMessages(commonEnglish)
  if (of.status === 'pending') return loading ?? <Skeleton lines={lines} />
  if (of.status === 'error') return error ?? <ErrorState of={of} />
  return (
    <>
      {isEmpty ? (empty ?? <EmptyState>{emptyText}</EmptyState>) : children}
      {of.isStale && <p data-slot="stale">{messages.stale}</p>}
    </>
  )
}
