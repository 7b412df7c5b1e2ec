import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addMonths } from '../src/clock.ts'
import { priceAmount, shareOf, shortestDecimal } from '../src/lifecycle/amounts/money.ts'
import { nextBoundary } from '../src/lifecycle/billing-period.ts'

const instant = fc.integer({ min: Date.UTC(1990, 0, 1) / 1000, max: Date.UTC(2090, 0, 1) / 1000 })

describe('periods', () => {
  test('the n-th boundary is the anchor plus n intervals, clamped; none is skipped', () => {
    const everyMonths = fc.constantFrom(1, 2, 3, 6, 12, 24, 36)
    fc.assert(
      fc.property(instant, everyMonths, fc.integer({ min: 1, max: 60 }), (anchor, months, count) => {
        let boundary = anchor
        for (let index = 0; index < count; index += 1) {
          const recurrence = { interval: 'month' as const, interval_count: months }
          const next = nextBoundary(anchor, recurrence, boundary)
          expect(next).toBeGreaterThan(boundary)
          boundary = next
        }
        expect(boundary).toBe(addMonths(anchor * 1000, months * count) / 1000)
      }),
    )
  })

  test('a month later is in the next month, on the same day or its last', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 400 }), (from, months) => {
        const start = new Date(from * 1000)
        const end = new Date(addMonths(from * 1000, months))
        expect(end.getUTCFullYear() * 12 + end.getUTCMonth()).toBe(start.getUTCFullYear() * 12 + start.getUTCMonth() + months)
        const tomorrow = new Date(end.getTime() + 86_400_000)
        const isLastDay = tomorrow.getUTCMonth() !== end.getUTCMonth()
        expect(end.getUTCDate() === start.getUTCDate() || (isLastDay && end.getUTCDate() < start.getUTCDate())).toBe(true)
      }),
    )
  })
})

describe('money', () => {
  test('an amount is within half a unit of the exact product', () => {
    const amounts = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 1000 }))
    fc.assert(
      fc.property(amounts, ([digits, places, quantity]) => {
        const text = digits.toString().padStart(places + 1, '0')
        const decimal = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`
        const exact = digits * BigInt(quantity)
        const unit = 10n ** BigInt(places)
        const rounded = (exact * 2n + unit) / (unit * 2n)
        fc.pre(rounded <= BigInt(Number.MAX_SAFE_INTEGER))
        expect(BigInt(priceAmount({ unit_amount_decimal: decimal }, quantity))).toBe(rounded)
        expect(priceAmount({ unit_amount_decimal: shortestDecimal(decimal) }, quantity)).toBe(Number(rounded))
      }),
    )
  })

  test('the parts of a period add up, give or take the rounding of one unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: 4e6 }), fc.nat(), (amount, whole, at) => {
        const part = at % (whole + 1)
        const sum = shareOf(amount, part, whole) + shareOf(amount, whole - part, whole)
        expect(Math.abs(sum - amount)).toBeLessThanOrEqual(1)
        expect(shareOf(-amount, part, whole)).toBe(0 - shareOf(amount, part, whole))
      }),
    )
  })
})
