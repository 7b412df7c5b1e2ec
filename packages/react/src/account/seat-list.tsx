import type { SeatsView } from '@farebox/core/protocol'
import * as React from 'react'
import { useMessages } from '../messages/use-messages.ts'
import type { BlockProps } from '../parts/reading-block.tsx'
import { useBillingContext } from '../provider/billing-context.ts'
import { accountBlock } from './account-block.tsx'
import { seatListEnglish } from './seat-list-messages.ts'
import { useMoneyReading } from './use-money-reading.ts'

/** Props of {@link SeatList}. */
export type SeatListProps = BlockProps<SeatsView>

/** How many seats of each feature are held. Who holds them, and what your app calls these people, is in `useSeats`. */
export function SeatList(props: SeatListProps): React.ReactElement {
  const { format: { number }, labelOf } = useBillingContext()
  const { seatsTitle, noSeats, seatsHeld } = useMessages(seatListEnglish)
  const reading = useMoneyReading<SeatsView>('/seats', 'seats')
  const features = Object.entries(reading.data?.seats ?? {})
  return accountBlock(props, 'seat-list', reading, {
    title: seatsTitle,
    isEmpty: features.length === 0,
    emptyText: noSeats,
    lines: 1,
    children: (
      <dl data-numbers="">
        {features.map(([feature, { used, limit }]) => {
          const isOver = limit !== null && used > limit
          return (
            <div key={feature} data-row="" data-tone={isOver ? 'over' : undefined}>
              <dt>{labelOf(feature)}</dt>
              <dd>{seatsHeld(number(used), limit === null ? null : number(limit), isOver)}</dd>
            </div>
          )
        })}
      </dl>
    ),
  })
}
