import type { Resource } from '@farebox/core/client'
import type * as React from 'react'
import { useBillingContext } from './billing-context.ts'
import { type PartOptions, type PartTag, part } from './part.tsx'

/** The text of a component in every state: loading, failed with a way to retry, there, and no longer up to date. */
export function ResourceText({ of, children }: { readonly of: Resource<unknown>; readonly children: React.ReactNode }): React.ReactNode {
  const { client, messages } = useBillingContext()
  if (of.status === 'pending') return messages.loading
  if (of.status === 'success') return [children, of.isStale && `, ${messages.stale}`]
  return [
    `${messages.failed} `,
    <button key="retry" type="button" data-slot="retry" onClick={() => void client.refresh()}>
      {messages.retry}
    </button>,
  ]
}

/** The root of a component: its text in every state, and attributes that tell a stylesheet which state it is in. */
export function resourcePart<State>(
  tag: PartTag,
  props: PartOptions<State>,
  own: object,
  of: Resource<unknown>,
  state: State,
  text?: string | null,
): React.ReactElement {
  const isPending = of.status === 'pending' || undefined
  const attributes = { 'data-loading': isPending, 'aria-busy': isPending, 'data-stale': of.isStale || undefined }
  const children = <ResourceText of={of}>{text}</ResourceText>
  return part(tag, props, { ...attributes, children, ...own }, state)
}
