import { type CommonMessages, commonEnglish } from '../messages/common-messages.ts'
import { joinMessages } from '../messages/join-messages.ts'

/** Texts about who holds seats. */
export interface SeatListMessages {
  readonly seatsTitle: string
  readonly noSeats: string
  /** `2 of 5 in use`; `limit` is `null` where there is none. */
  readonly seatsHeld: (used: string, limit: string | null, isOver: boolean) => string
}

/** The default words. */
export const seatListEnglish: CommonMessages & SeatListMessages = /* @__PURE__ */ joinMessages<CommonMessages, SeatListMessages>(commonEnglish, {
  seatsTitle: 'Seats',
  noSeats: 'No seats in this plan.',
  seatsHeld: (used, limit, isOver) => `${used}${limit === null ? '' : ` of ${limit}`} in use${isOver ? ', over the limit' : ''}`,
})
