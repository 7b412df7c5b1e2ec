import type * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { type PartProps, part } from '../parts/part.tsx'
import { pressOnce } from '../parts/press-once.ts'
import type { ActionState } from '../provider/use-action.ts'
import { refusalEnglish } from './refusal-messages.ts'
import { refusalText } from './refusal-text.ts'

/** Props of a button that asks the server for something. */
export type ActionButtonProps = PartProps<ActionState<unknown>, 'button'>

/** What a button does, and what it says. */
interface ButtonAction {
  readonly of: ActionState<unknown>
  readonly run: () => unknown
  readonly text: React.ReactNode
  /** How it looks; `primary` unless said otherwise. */
  readonly kind?: 'primary' | 'critical' | ''
}

/** A button that asks the server. It keeps the focus while it waits, and what failed stands behind it. */
export function actionButton(props: ActionButtonProps, slot: string, { of, run, text, kind = 'primary' }: ButtonAction): React.ReactElement {
  const own = { ...pressOnce(run, of.status === 'pending'), 'data-farebox': '', 'data-slot': slot, 'data-button': kind, children: text }
  return (
    <>
      {part('button', props, own, of)}
      <ActionNote of={of} />
    </>
  )
}

/** Why the last attempt failed; there from the beginning, so that it is heard when it changes. */
export function ActionNote({ of }: { readonly of: ActionState<unknown> }): React.ReactElement {
  const words = useMessages(refusalEnglish)
  return <output data-farebox="" data-slot="action-note">{of.error && refusalText(of.error, words)}</output>
}
