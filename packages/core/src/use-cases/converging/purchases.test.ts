import { type Grant, defineCatalog, metered, usd } from '@farebox/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { day } from '../../domain/instant.ts'
import { type Dispute, type Payment, type Purchase, type Refund, keptOf } from '../../domain/purchase.ts'
import { purchaseChanges } from './purchases.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), exports: metered({ unit: 'export' }) },
  plans: { free: { name: 'Free', default: true, features: {} } },
  packs: { boost: { name: 'Boost', price: usd('10'), grants: { apiCalls: 100, exports: 3 } } },
})
const began = 1_700_000_000_000
const paid = 1000
const purchase: Purchase = { session: 'cs_1', payment: 'pi_1', paidAt: began, lines: [{ id: 'li_1', pack: 'boost', quantity: 1 }] }
const both = ['grant:cs_1:li_1:apiCalls', 'grant:cs_1:li_1:exports']

/** Money that was asked back, and what became of it. */
interface Reversal {
  readonly by: 'refund' | 'dispute'
  readonly amount: number
  readonly stands: boolean
}

function paymentOf(reversals: readonly Reversal[]): Payment {
  const refunds = reversals.flatMap(({ by, amount, stands }, index): Refund[] => (by === 'dispute' ? [] : [
    { id: `re_${index}`, charge: 'ch_1', amount, currency: 'usd', status: stands ? 'succeeded' : 'failed', reason: null, createdAt: began },
  ]))
  const disputes = reversals.flatMap(({ by, amount, stands }, index): Dispute[] => (by === 'refund' ? [] : [
    { id: `du_${index}`, charge: 'ch_1', amount, currency: 'usd', state: stands ? 'lost' : 'won', reason: 'fraudulent', createdAt: began },
  ]))
  const refunded = refunds.reduce((sum, { amount, status }) => sum + (status === 'succeeded' ? amount : 0), 0)
  return { charge: 'ch_1', payment: 'pi_1', amount: paid, refunded, refunds, disputes }
}

/** Reads again and again, and stores what follows. */
function reader(stored: readonly Grant[] = []): {
  readonly read: (reversals: readonly Reversal[], now: number, isStored?: boolean) => readonly string[]
  readonly grants: () => readonly Grant[]
} {
  const rows = new Map(stored.map((grant) => [grant.id, grant]))
  return {
    read: (reversals, now, isStored = true) => {
      const payments = [paymentOf(reversals)]
      const { writes, facts } = purchaseChanges(catalog, [...rows.values()], { purchases: [purchase], payments }, now)
      if (!isStored) return []
      for (const { collection, id, value } of writes) if (collection === 'grants' && value !== null) rows.set(id, value)
      return facts.flatMap(({ name, data }) => (name === 'grant.added' ? [data.grant.id] : []))
    },
    grants: () => [...rows.values()],
  }
}

const taken: Reversal = { by: 'refund', amount: paid, stands: true }
const failed: Reversal = { ...taken, stands: false }

it('tells of a purchase that was refunded before it was read once the refund has failed, and not again', () => {
  const { read, grants } = reader()
  expect(read([taken], began)).toEqual([])
  expect(grants().map(({ amount, voidedAt }) => [amount, voidedAt])).toEqual([[0, began], [0, began]])
  expect(read([failed], began + 1)).toEqual(both)
  expect(grants().map(({ amount, voidedAt }) => [amount, voidedAt])).toEqual([[100, null], [3, null]])
  expect(read([failed], began + 2)).toEqual([])
  expect(read([failed, taken], began + 2)).toEqual([])
  expect(read([failed, failed], began + 3)).toEqual([])
})

it('tells nothing a second time where a purchase is read, refunded and given back in one instant', () => {
  const { read, grants } = reader()
  expect(read([], began)).toEqual(both)
  expect(read([taken], began)).toEqual([])
  expect(grants().map(({ amount }) => amount)).toEqual([0, 0])
  expect(read([failed], began)).toEqual([])
})

it('tells of a purchase that has come back in part, with the part', () => {
  const { read, grants } = reader()
  read([taken], began)
  expect(read([failed, { by: 'dispute', amount: 500, stands: true }], began + 1)).toEqual(both)
  expect(grants().map(({ amount }) => amount)).toEqual([50, 2])
  expect(read([failed, { by: 'dispute', amount: 500, stands: false }], began + 2)).toEqual([])
})

it('tells nothing of what the app has voided itself, also in the instant in which it was given', () => {
  const { read, grants } = reader()
  read([], began)
  const voided = reader(grants().map((grant) => ({ ...grant, voidedAt: began })))
  expect(voided.read([taken], began)).toEqual([])
  expect(voided.read([failed], began + 1)).toEqual([])
  expect(voided.grants().map(({ amount, voidedAt }) => [amount, voidedAt])).toEqual([[100, began], [3, began]])
})

it('tells of each grant once, when it is first worth anything, whatever fails, succeeds or crashes and whatever the clock says', () => {
  const amount = fc.constantFrom(paid, paid, paid / 2, 1)
  const reversal = fc.record({ by: fc.constantFrom('refund', 'dispute'), amount, stands: fc.boolean() })
  const step = fc.record({
    reversals: fc.array(reversal, { maxLength: 3 }),
    passed: fc.constantFrom(0, 0, 1, 1000, -1),
    isStored: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const { read, grants } = reader()
      const known = new Set<string>()
      let now = began
      for (const { reversals, passed, isStored } of steps) {
        now += passed
        const told = read(reversals, now, isStored)
        const worth = grants().filter(({ voidedAt }) => voidedAt === null)
        expect(worth.every((grant) => grant.amount > 0)).toBe(true)
        expect(told).toEqual(worth.flatMap(({ id }) => (known.has(id) ? [] : [id])))
        for (const id of told) known.add(id)
      }
    }),
    { numRuns: 500 },
  )
})

it('gives no more than can be counted, however many are bought of a pack that gives the most', () => {
  const most = defineCatalog({
    features: { apiCalls: metered({ unit: 'call' }) },
    plans: { free: { name: 'Free', default: true, features: {} } },
    packs: { boost: { name: 'Boost', price: usd('10'), grants: { apiCalls: Number.MAX_SAFE_INTEGER } } },
  })
  const two = { ...purchase, lines: [{ id: 'li_1', pack: 'boost', quantity: 2 }] }
  const { writes } = purchaseChanges(most, [], { purchases: [two], payments: [] }, began)
  expect(writes).toMatchObject([{ value: { amount: Number.MAX_SAFE_INTEGER } }])
})

it('takes nothing from what cost nothing for another payment that names no more than it', () => {
  const free = { ...purchase, payment: null }
  const other = { ...paymentOf([taken]), payment: null }
  const { writes, facts } = purchaseChanges(catalog, [], { purchases: [free], payments: [other] }, began)
  expect(writes).toMatchObject([{ value: { amount: 100, voidedAt: null } }, { value: { amount: 3, voidedAt: null } }])
  expect(facts.filter(({ name }) => name === 'refund.created')).toMatchObject([{ data: { grants: [] } }])
})

it('leaves all of what is refunded of a payment of nothing', () => {
  expect(keptOf(100, { ...paymentOf([]), amount: 0 })).toBe(100)
})

it.each([
  ['refunds and disputes of a month ago', 34 * day, ['refund.created', 'dispute.opened', 'dispute.closed']],
  ['how a dispute of months ago ended', 199 * day, ['dispute.closed']],
  ['nothing of what is longer ago', 201 * day, []],
])('tells %s', (_name, ago, told) => {
  const payments = [paymentOf([{ by: 'refund', amount: 1, stands: true }, { by: 'dispute', amount: 1, stands: true }])]
  const { facts } = purchaseChanges(catalog, [], { purchases: [], payments }, began + ago)
  expect(facts.map(({ name }) => name)).toEqual(told)
})

it('tells of no end of a dispute that has none yet', () => {
  const payment = paymentOf([{ by: 'dispute', amount: 1, stands: true }])
  const disputes = payment.disputes.map((dispute) => ({ ...dispute, state: 'open' as const }))
  const { facts } = purchaseChanges(catalog, [], { purchases: [], payments: [{ ...payment, disputes }] }, began)
  expect(facts.map(({ name }) => name)).toEqual(['dispute.opened'])
})

it('gives at once what was paid by a clock that is ahead of the store\'s', () => {
  const { read, grants } = reader()
  expect(read([], began - 1000)).toEqual(both)
  expect(grants().map(({ effectiveAt }) => effectiveAt)).toEqual([began - 1000, began - 1000])
})
