import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { useBillingContext } from '../provider/billing-context.ts'
import type { CreditProps } from './credit-balance.tsx'
import { creditEnglish } from './credit-messages.ts'
import { DataRow, tableBlock } from './data-table.tsx'
import { useCredits } from './use-credits.ts'

/** Every credit that counts now, by feature, in the order in which they are drawn. */
export function CreditLedger({ feature: only, ...props }: CreditProps): React.ReactElement {
  const { format, labelOf } = useBillingContext()
  const messages = useMessages(creditEnglish)
  const reading = useCredits(only)
  const grants = reading.data?.flatMap((credits) => credits.grants)
  return tableBlock(props, 'credit-ledger', reading, messages.noCredits, {
    title: messages.ledgerTitle,
    columns: [messages.columnCredits, messages.columnRemaining, messages.columnExpires],
    rows: grants?.map(({ id, feature, remaining, amount, expiresAt }) => {
      const left = messages.leftOf(format.number(remaining), format.number(amount))
      return <DataRow key={id} head={labelOf(feature)} cells={[left, expiresAt ? format.date(expiresAt) : messages.neverExpires]} />
    }),
  })
}
