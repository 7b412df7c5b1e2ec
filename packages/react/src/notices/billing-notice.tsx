import type { NoticeShown } from '@farebox/core/client'
import type * as React from 'react'
import type { PartProps } from '../parts/part.tsx'
import { useNoticeBlock } from './use-notice-block.tsx'

/** Props of {@link BillingNotice}. */
export type BillingNoticeProps = Omit<PartProps<NoticeShown>, 'children'> & {
  /** One that `useNotices` answered; the most pressing unless said otherwise. */
  readonly notice?: NoticeShown | undefined
}

/**
 * Something the customer should know, and what to do about it. Nothing where there is nothing to know, and while that is not
 * known: for most customers it would come and go.
 */
export function BillingNotice({ notice, ...props }: BillingNoticeProps): React.ReactElement | null {
  return useNoticeBlock(props, 'billing-notice', ([first]) => notice ?? first)
}
