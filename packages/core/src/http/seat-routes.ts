import * as z from 'zod/mini'
import type { RouteName } from '../protocol/routes.ts'
import type { Context } from '../use-cases/context.ts'
import { assignSeat } from '../use-cases/seats/assign-seat.ts'
import { getSeats } from '../use-cases/seats/get-seats.ts'
import { releaseSeat } from '../use-cases/seats/release-seat.ts'
import { privateAnswer } from './answer.ts'
import type { BillingCallers } from './billing-routes.ts'
import { refusal } from './guard.ts'
import type { HttpSettings } from './options.ts'
import { problemResponse } from './problem-response.ts'
import { readJson, text } from './read-body.ts'
import { stopOfDecision } from './stop.ts'

/** The routes on which seats are seen, given and taken back. */
export type SeatRoute = Extract<RouteName, 'seats' | 'assignSeat' | 'releaseSeat'>

const seatBody = z.strictObject({ feature: text(64), member: text(255) })

/** Who may manage the billing says who holds a seat. Each answers the seats as they are then, or why there is none left. */
export function createSeatRoutes(
  context: Context,
  settings: HttpSettings,
  callers: BillingCallers,
): Readonly<Record<SeatRoute, (call: { readonly request: Request }) => Promise<Response>>> {
  async function show(customer: string): Promise<Response> {
    return privateAnswer(await getSeats(context, { customer }))
  }

  return {
    seats: async ({ request }) => show((await callers.reader(request)).customer),
    async assignSeat({ request }) {
      const { customer } = await callers.manager(request)
      const decision = await assignSeat(context, { ...(await readJson(request, seatBody)), customer })
      return decision.allowed ? show(customer) : problemResponse(stopOfDecision(settings, refusal(decision), context.clock.now()))
    },
    async releaseSeat({ request }) {
      const { customer } = await callers.manager(request)
      await releaseSeat(context, { ...(await readJson(request, seatBody)), customer })
      return show(customer)
    },
  }
}
