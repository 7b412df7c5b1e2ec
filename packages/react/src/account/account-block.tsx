import type { BillingError } from '@farebox/core/client'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { type BlockContent, type BlockProps, readingBlock } from '../parts/reading-block.tsx'
import { OwnTitle } from '../parts/reading-part.tsx'
import type { Reading } from '../provider/use-snapshot.ts'
import { type AccountMessages, accountEnglish } from './account-messages.ts'

/** A card about money. Who may not see it is told so, and where nothing is paid: that is no fault and nothing to try again. */
export function accountBlock<Data>(
  props: BlockProps<Data>,
  slot: string,
  of: Reading<Data>,
  { title, ...content }: BlockContent,
): React.ReactElement {
  const reason = of.status === 'error' && reasonOf(of.error)
  return readingBlock({ ...props, error: reason ? <Reason of={reason} /> : props.error }, { 'data-slot': slot, 'data-surface': '' }, of, {
    ...content,
    title: <OwnTitle key="title"><div data-title="">{title}</div></OwnTitle>,
  })
}

function reasonOf({ status, problem }: BillingError): keyof AccountMessages | undefined {
  if (status === 403) return 'forManagers'
  return problem?.type.endsWith('/problems/not-found') ? 'notConnected' : undefined
}

function Reason({ of }: { readonly of: keyof AccountMessages }): React.ReactElement {
  return <EmptyState>{useMessages(accountEnglish)[of]}</EmptyState>
}
