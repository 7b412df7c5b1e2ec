import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ItemWrite, type PresentItem, type WantedItem, diffItems, exchangePlan, presentOf } from './change-items.ts'
import type { StripeSubscriptionItem } from './subscription-shape.ts'

/** What Stripe makes of an update's items: what is not named stays, what has an id changes, the rest is added. */
function applied(present: readonly PresentItem[], writes: readonly ItemWrite[]): readonly PresentItem[] {
  const changed = present.flatMap((item) => {
    const write = writes.find(({ id }) => id === item.id)
    if (write?.deleted === true) return []
    return [{ id: item.id, price: write?.price ?? item.price, quantity: write?.quantity ?? item.quantity }]
  })
  const added = writes.filter(({ id }) => id === undefined).map(({ price = '', quantity }, index) => ({ id: `new_${index}`, price, quantity }))
  return [...changed, ...added]
}

function multiset(items: readonly WantedItem[]): readonly string[] {
  return items.map(({ price, quantity }) => `${price} × ${quantity}`).toSorted()
}

const prices = fc.constantFrom('p1', 'p2', 'p3', 'p4', 'p5', 'p6')
const wanted = fc.uniqueArray(fc.record({ price: prices, quantity: fc.integer({ min: 1, max: 4 }) }), { selector: ({ price }) => price, maxLength: 6 })

describe('diffItems', () => {
  it('leads from any items to any others, and names each item once', () => {
    fc.assert(
      fc.property(wanted, wanted, (from, to) => {
        const present = from.map((item, index) => ({ id: `si_${index}`, ...item }))
        const writes = diffItems(present, to)
        expect(multiset(applied(present, writes))).toEqual(multiset(to))
        const named = writes.flatMap(({ id }) => id ?? [])
        expect(new Set(named).size).toBe(named.length)
        // Nothing is added as long as something goes away: what is replaced keeps its id.
        expect(writes.some(({ id }) => id === undefined) && writes.some(({ deleted }) => deleted === true)).toBe(false)
        // What is as it shall be is left alone.
        const same = present.filter((item) => to.some((other) => other.price === item.price && other.quantity === item.quantity))
        expect(named.filter((id) => same.some((item) => item.id === id))).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })
})

/** A plan's price by its metadata; any other is an add-on's. */
function itemOf(id: string, price: string, quantity: number | undefined, plan?: string): StripeSubscriptionItem {
  const metadata: Record<string, string> = plan === undefined ? {} : { farebox_plan: plan }
  return { id, quantity, price: { id: price, metadata, recurring: { interval: 'month' } } }
}

describe('exchangePlan', () => {
  it('exchanges the one item that sells a plan and nothing else, over 1,000 random graphs of plans', () => {
    const planPrices = ['basic_m', 'basic_y', 'plus_m', 'plus_y', 'max_m', 'max_y']
    const move = fc.record({ to: fc.constantFrom(...planPrices), quantity: fc.option(fc.integer({ min: 1, max: 9 })) })
    const addOns = fc.uniqueArray(fc.record({ price: fc.constantFrom('a1', 'a2', 'a3'), quantity: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }) }), {
      selector: ({ price }) => price,
    })
    const place = fc.nat(3)
    fc.assert(
      fc.property(fc.constantFrom(...planPrices), fc.integer({ min: 1, max: 9 }), addOns, place, fc.array(move, { minLength: 1, maxLength: 8 }), (start, quantity, others, at, moves) => {
        let items = others.map((other, index) => itemOf(`si_add_${index}`, other.price, other.quantity))
        items.splice(at, 0, itemOf('si_plan', start, quantity, 'any'))
        let held = quantity
        for (const { to, quantity: asked } of moves) {
          const exchange = exchangePlan(items, to, asked, undefined)
          const writes = diffItems(items.map(presentOf), exchange.items)
          expect(writes.every(({ id, deleted }) => id === 'si_plan' && deleted !== true)).toBe(true)
          held = asked ?? held
          const after = applied(items.map(presentOf), writes)
          expect(multiset(after)).toEqual(multiset([{ price: to, quantity: held }, ...others]))
          items = after.map(({ id, price, quantity: count }) => itemOf(id, price, count, id === 'si_plan' ? 'any' : undefined))
        }
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['no item sells a plan', [itemOf('si_1', 'a1', 1)], 'no-plan-item'],
    ['there are no items', [], 'no-plan-item'],
    ['two items sell plans', [itemOf('si_1', 'basic_m', 1, 'basic'), itemOf('si_2', 'plus_m', 1, 'plus')], 'ambiguous-items'],
    ['two items sell the same plan', [itemOf('si_1', 'basic_m', 1, 'basic'), itemOf('si_2', 'basic_y', 1, 'basic')], 'ambiguous-items'],
  ])('refuses to guess where %s', (_, items, reason) => {
    expect(() => exchangePlan(items, 'max_m', null, undefined)).toThrow(expect.objectContaining({ code: 'payments-failed', reason }))
  })
})
