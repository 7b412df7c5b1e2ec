import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { type BlockContent, type BlockProps, readingBlock } from '../parts/reading-block.tsx'
import type { Reading } from '../provider/use-snapshot.ts'
import { accountEnglish } from './account-messages.ts'

/** A card about money. Who may not see it is told so, which is no fault and nothing to try again. */
export function accountBlock<Data>(
  props: BlockProps<Data>,
  slot: string,
  of: Reading<Data>,
  { title, ...content }: BlockContent,
): React.ReactElement {
  const forbidden = of.error?.status === 403 && of.status === 'error' && <Forbidden />
  return readingBlock({ ...props, error: forbidden || props.error }, { 'data-slot': slot, 'data-surface': '' }, of, {
    ...content,
    title: <div key="title" data-title="">{title}</div>,
  })
}

function Forbidden(): React.ReactElement {
  return <EmptyState>{useMessages(accountEnglish).forManagers}</EmptyState>
}
