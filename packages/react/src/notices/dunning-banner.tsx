import type { NoticeShown } from '@farebox/core/client'
import type * as React from 'react'
import type { PartProps } from '../parts/part.tsx'
import { useNoticeBlock } from './use-notice-block.tsx'

/** Props of {@link DunningBanner}. */
export type DunningBannerProps = Omit<PartProps<NoticeShown>, 'children'>

/**
 * A payment that was not made: what it costs, until when it can be made, and the page on which it is. Nothing where all is
 * paid. It belongs to the top of every page, not of the billing page alone.
 */
export function DunningBanner(props: DunningBannerProps): React.ReactElement | null {
  return useNoticeBlock(props, 'dunning-banner', (notices) => notices.find(({ isPayment }) => isPayment))
}
