import type { Credits } from '@farebox/core/client'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { type BlockProps, readingBlock } from '../parts/reading-block.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import type { MeteredName } from '../provider/register.ts'
import { creditEnglish } from './credit-messages.ts'
import { useCredits } from './use-credits.ts'

/** Props of {@link CreditBalance} and {@link CreditLedger}. */
export type CreditProps = BlockProps<readonly Credits[]> & {
  /** Credits of this feature alone; of all that have any unless said otherwise. */
  readonly feature?: MeteredName | undefined
}

/** What is left of credits, and what of it ends first. */
export function CreditBalance({ feature: only, ...props }: CreditProps): React.ReactElement {
  const { format, labelOf } = useBillingContext()
  const messages = useMessages(creditEnglish)
  const reading = useCredits(only)
  const balances = reading.data?.map(({ feature, remaining, unit, expiring }) => (
    <div key={feature} data-metric={feature}>
      <dt>{labelOf(feature)}</dt>
      <dd data-slot="credit-amount">{messages.amount(format.number(remaining), remaining, unit)}</dd>
      <dd data-quiet="">
        {expiring
          ? messages.creditsExpire(format.number(expiring.remaining), expiring.remaining, format.date(expiring.at))
          : messages.neverExpires}
      </dd>
    </div>
  ))
  return readingBlock(props, { 'data-slot': 'credit-balance', 'data-surface': '' }, reading, {
    title: <div key="title" data-title="">{messages.creditsTitle}</div>,
    isEmpty: !balances?.length,
    emptyText: messages.noCredits,
    children: <dl>{balances}</dl>,
  })
}
