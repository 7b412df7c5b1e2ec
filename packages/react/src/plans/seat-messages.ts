import { type CommonMessages, commonEnglish } from '../messages/common-messages.ts'

/** Texts of a seat picker. */
export interface SeatMessages {
  readonly seatsLabel: string
  readonly fewerSeats: string
  readonly moreSeats: string
}

/** The default words. */
export const seatEnglish: CommonMessages & SeatMessages = {
  ...commonEnglish,
  seatsLabel: 'Seats',
  fewerSeats: 'Fewer seats',
  moreSeats: 'More seats',
}
