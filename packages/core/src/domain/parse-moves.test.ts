import { allowance, defineCatalog, metered, usd } from '@farebox/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MoveEnd, moveKindOf, moveRuleOf } from './move-rule.ts'
import { defaultMoves } from './plan-move.ts'

const features = { calls: metered({ unit: 'call' }) }
const plan = { name: 'A plan', prices: { month: usd('10'), year: usd('100') }, features: { calls: allowance(5).per('month') } }
const free = { name: 'Free', default: true, features: {} }

function catalogWith(moves: unknown) {
  const input: unknown = { features, plans: { free, basic: plan, plus: plan, max: plan }, moves }
  // As a file in plain JavaScript would call it.
  return defineCatalog(input as Parameters<typeof defineCatalog<typeof features, 'free' | 'basic' | 'plus' | 'max'>>[0])
}

function pathsOf(moves: unknown): readonly string[] {
  try {
    catalogWith(moves)
    return []
  } catch (error) {
    return (error as { faults: readonly { path: string }[] }).faults.map(({ path }) => path)
  }
}

describe('moves', () => {
  it('are the usual ones unless said otherwise', () => {
    expect(catalogWith(undefined).moves).toEqual(defaultMoves)
    expect(catalogWith({}).moves).toEqual(defaultMoves)
  })

  it('are overridden by kind, and by pair, which falls back on its kind', () => {
    const { moves } = catalogWith({
      downgrade: { when: 'now', proration: 'next-invoice' },
      upgrade: { when: 'period-end' },
      pairs: { max: { basic: { when: 'period-end' }, plus: { proration: 'none' } }, free: { max: { when: 'now' } } },
    })
    expect(moves.downgrade).toEqual({ when: 'now', proration: 'next-invoice' })
    expect(moves.upgrade).toEqual({ when: 'period-end', proration: 'none' })
    expect(moves.pairs).toEqual({
      max: { basic: { when: 'period-end', proration: 'none' }, plus: { when: 'now', proration: 'none' } },
      free: { max: { when: 'now', proration: 'invoice' } },
    })
    expect(Object.isFrozen(moves) && Object.isFrozen(moves.pairs['max'])).toBe(true)
  })

  it.each([
    ['no object', 5, ['moves']],
    ['an unknown kind', { sideways: {} }, ['moves.sideways']],
    ['an unknown time', { upgrade: { when: 'tomorrow' } }, ['moves.upgrade.when']],
    ['an unknown proration', { upgrade: { proration: 'some' } }, ['moves.upgrade.proration']],
    ['a proration at the end', { downgrade: { proration: 'invoice' } }, ['moves.downgrade.proration']],
    ['an unknown setting', { downgrade: { at: 'now' } }, ['moves.downgrade.at']],
    ['a pair of an unknown plan', { pairs: { gold: {} } }, ['moves.pairs.gold']],
    ['a pair to an unknown plan', { pairs: { max: { gold: {} } } }, ['moves.pairs.max.gold']],
    ['a pair of one plan', { pairs: { max: { max: { when: 'now' } } } }, ['moves.pairs.max.max']],
    ['a rule that is no object', { pairs: { max: { plus: 'now' } } }, ['moves.pairs.max.plus']],
  ])('are refused with %s', (_, moves, paths) => {
    expect(pathsOf(moves)).toEqual(paths)
  })
})

function end(key: string, rank: number): MoveEnd {
  return { plan: { key, rank }, interval: 'month', quantity: 1 }
}

describe('a move', () => {
  const planEnd = fc.constantFrom(...['basic', 'plus', 'max'].map((key, rank) => ({ key, rank })))
  const moveEnd: fc.Arbitrary<MoveEnd> = fc.record({
    plan: planEnd, interval: fc.constantFrom('month' as const, 'year' as const), quantity: fc.integer({ min: 1, max: 3 }),
  })

  it('is none exactly where nothing differs, and its way back is of the opposite kind', () => {
    const opposite = {
      upgrade: 'downgrade', downgrade: 'upgrade', longerInterval: 'shorterInterval', shorterInterval: 'longerInterval',
      moreQuantity: 'lessQuantity', lessQuantity: 'moreQuantity',
    } as const
    fc.assert(
      fc.property(moveEnd, moveEnd, (from, to) => {
        const kind = moveKindOf(from, to)
        const isSame = from.plan.key === to.plan.key && from.interval === to.interval && from.quantity === to.quantity
        expect(kind === null).toBe(isSame)
        expect(moveKindOf(to, from)).toBe(kind === null ? null : opposite[kind])
      }),
    )
  })

  it('goes by the rule of its pair before that of its kind', () => {
    const { moves } = catalogWith({ pairs: { max: { basic: { when: 'now', proration: 'none' } } } })
    expect(moveRuleOf(moves, end('max', 3), end('basic', 1))).toEqual({ when: 'now', proration: 'none' })
    expect(moveRuleOf(moves, end('max', 3), end('plus', 2))).toEqual(defaultMoves.downgrade)
    expect(moveRuleOf(moves, end('basic', 1), end('max', 3))).toEqual(defaultMoves.upgrade)
  })
})
