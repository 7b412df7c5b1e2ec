import { type Milliseconds, minute, second } from '../../domain/instant.ts'
import { invalidRequest } from '../../errors/error.ts'
import { paymentFailureOf } from '../payments/payment-failure-of.ts'
import type { Wait } from '../wait.ts'

/**
 * A customer takes two requests or three, one of each kind: five a second stay well below the 25 of a kind that Stripe answers
 * in a second. Source: https://docs.stripe.com/rate-limits
 */
const usualRate = 5
const highestRate = 100

/** How often Stripe is asked about one customer while it is too busy, and the shortest wait in between, doubled each time. */
const mostTries = 5
const shortestPause: Milliseconds = second

/** Where Stripe wants a longer wait, reconciling stops and says so; a later call goes on from there. */
const longestPause: Milliseconds = minute

/** How fast Stripe is asked. */
export interface Pace {
  /** How many may be under way: as many as begin within a second. */
  readonly atOnce: number
  /** Begins as soon as it is its turn, and again where Stripe was too busy: meanwhile nobody else begins. */
  keep<Result>(look: () => Promise<Result>): Promise<Result>
}

/** @throws FareboxError `invalid-request` for a rate that is none. */
export function createPace(perSecond: unknown = usualRate, wait: Wait): Pace {
  if (typeof perSecond !== 'number' || !(perSecond > 0 && perSecond <= highestRate)) {
    throw invalidRequest('The rate is not valid', 'customersPerSecond', `Give a number above 0, up to ${highestRate}`)
  }
  let last: Promise<unknown> | undefined
  let held: Promise<unknown> = Promise.resolve()

  return {
    atOnce: Math.ceil(perSecond),
    async keep(look) {
      for (let tries = 1; ; tries += 1) {
        last = last === undefined ? held : last.then(() => wait(second / perSecond)).then(() => held)
        await last
        try {
          return await look()
        } catch (error) {
          const { retryAfter } = paymentFailureOf(error)
          if (retryAfter === undefined || retryAfter > longestPause || tries === mostTries) throw error
          held = Promise.all([held, wait(Math.max(retryAfter, shortestPause * 2 ** (tries - 1)))])
        }
      }
    },
  }
}
