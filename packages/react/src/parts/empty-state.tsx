import type * as React from 'react'
import { commonEnglish } from '../messages/common-messages.ts'
import { useMessages } from '../messages/use-messages.ts'
import { type PartProps, part } from './part.tsx'

/** Props of {@link EmptyState}. */
export type EmptyStateProps = PartProps<null>

/** Says that there is nothing yet, in words of your own as children. */
export function EmptyState(props: EmptyStateProps): React.ReactElement {
  const { empty } = useMessages(commonEnglish)
  return part('div', props, { 'data-farebox': '', 'data-slot': 'empty-state', children: empty }, null)
}
