import { type CommonMessages, commonEnglish } from '../messages/common-messages.ts'
import { joinMessages } from '../messages/join-messages.ts'

/** Texts of a seat picker. */
export interface SeatMessages {
  readonly seatsLabel: string
  readonly fewerSeats: string
  readonly moreSeats: string
}

/** The default words. */
export const seatEnglish: CommonMessages & SeatMessages = /* @__PURE__ */ joinMessages<CommonMessages, SeatMessages>(commonEnglish, {
  seatsLabel: 'Seats',
  fewerSeats: 'Fewer seats',
  moreSeats: 'More seats',
})
