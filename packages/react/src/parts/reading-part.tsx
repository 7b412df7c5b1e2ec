import * as React from 'react'
import { type CommonMessages, commonEnglish } from '../messages/common-messages.ts'
import { problemText } from '../messages/problem-text.ts'
import { useMessages } from '../messages/use-messages.ts'
import type { Reading } from '../provider/use-snapshot.ts'
import { type PartOptions, type PartTag, part } from './part.tsx'

/** The text of a component in every state: loading, failed with a way to retry, there, and no longer up to date. */
export function ReadingText({ of, children }: { readonly of: Reading<unknown>; readonly children?: React.ReactNode }): React.ReactNode {
  const messages = useMessages<CommonMessages>(commonEnglish)
  if (of.status === 'pending') return messages.loading
  if (of.status === 'success') return [children, of.isStale && messages.comma + messages.stale]
  return [
    `${problemText(of.error, messages, of.error.status === 0 && isOffline() ? messages.offline : messages.failed)} `,
    retryButton(of, messages.retry),
  ]
}

/** Asks again, and is busy while it does. It goes with what failed: where it had the focus, what is around that has it. */
export function retryButton(of: Reading<unknown>, text: string): React.ReactElement {
  const press: object = {
    async onClick({ currentTarget }: React.MouseEvent): Promise<void> {
      currentTarget.ariaBusy = 'true'
      await of.refetch()
      currentTarget.ariaBusy = null
    },
  }
  return <button key="retry" ref={leaveFocus} type="button" data-slot="retry" {...press}>{text}</button>
}

function leaveFocus(button: HTMLElement | null): void {
  const { activeElement } = document
  const around = activeElement?.closest('[data-farebox]')?.parentElement
  if (!button && around) queueMicrotask(() => {
    if (activeElement?.isConnected) return
    if (around.tabIndex < 0) around.tabIndex = -1
    around.focus({ preventScroll: true })
  })
}

function isOffline(): boolean {
  return typeof navigator !== 'undefined' && !navigator.onLine
}

/** The attributes that tell a stylesheet, and people who listen, in which state a component is. */
export function readingProps(of: Reading<unknown>): object {
  const isPending = of.status === 'pending' || undefined
  return { 'data-farebox': '', 'data-loading': isPending, 'aria-busy': isPending, 'data-stale': of.isStale || undefined }
}

/** The root of a component that is one text: it says so in every state. */
export function textPart<State>(
  tag: PartTag,
  props: PartOptions<State>,
  own: object,
  of: Reading<unknown>,
  state: State,
  text?: string | null,
): React.ReactElement {
  const children = <ReadingText of={of}>{text}</ReadingText>
  return part(tag, props, { ...readingProps(of), children, ...own }, state)
}

/** Of a heading: 2 is `h2`. */
export type HeadingLevel = 1 | 2 | 3 | 4 | 5 | 6

/** The level of the heading that stands above already; 0 where there is none. */
export const TitledContext: React.Context<HeadingLevel | 0> = /* @__PURE__ */ React.createContext<HeadingLevel | 0>(0)

/** The title of a component; nothing where a heading above says it. */
export function OwnTitle({ children }: { readonly children: React.ReactNode }): React.ReactNode {
  return !React.useContext(TitledContext) && children
}
