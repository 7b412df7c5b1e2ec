import type * as React from 'react'
import type { Reading } from '../provider/use-snapshot.ts'
import { type PartProps, part } from './part.tsx'
import { ReadingText } from './reading-part.tsx'

/** Props of {@link ErrorState}. */
export type ErrorStateProps = PartProps<Reading<unknown>> & {
  /** What failed, as a hook answered it. */
  readonly of: Reading<unknown>
}

/** Says that something could not be loaded, and offers to try again. */
export function ErrorState({ of, ...props }: ErrorStateProps): React.ReactElement {
  const children = <ReadingText of={of} />
  return part('div', props, { 'data-farebox': '', 'data-slot': 'error-state', role: 'alert', children }, of)
}
