import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { InvoicePreviewView } from '../protocol/subscription-change.ts'
import { derivePlanChange } from './derive-plan-change.ts'

const at = '2026-11-21T00:00:00.000Z'
const line = { description: 'Unused time', amount: -1000, quantity: 1, proration: true, periodStart: at, periodEnd: at }
const next: InvoicePreviewView = { currency: 'usd', lines: [line], subtotal: 2900, discount: 0, tax: 0, total: 2900, due: 2900 }
const now: InvoicePreviewView = { ...next, lines: [line, { ...line, amount: 2900, proration: false }], discount: 100, tax: 19, total: 1819, due: 1800 }

it('shows what is due now, on the lines of that invoice', () => {
  expect(derivePlanChange({ kind: 'change', when: 'now', at, prorationDate: at, now, next })).toEqual({
    kind: 'change', when: 'now', at, prorationDate: at, due: { amount: 1800, currency: 'usd' }, lines: now.lines, currency: 'usd', discount: 100, tax: 19,
    next: { amount: 2900, currency: 'usd' },
  })
})

it('shows the next invoice where nothing is due now', () => {
  expect(derivePlanChange({ kind: 'change', when: 'period-end', at, prorationDate: null, now: null, next })).toMatchObject({
    when: 'period-end', due: undefined, lines: [line], next: { amount: 2900 },
  })
})

it('tells an end and no change as they are', () => {
  expect(derivePlanChange({ kind: 'end', at })).toEqual({ kind: 'end', at })
  expect(derivePlanChange({ kind: 'unchanged' })).toEqual({ kind: 'unchanged' })
})

it('shows amounts of one invoice alone, in its own currency, and adds nothing up', () => {
  const invoice = fc.record({ currency: fc.constantFrom('usd', 'jpy', 'kwd'), discount: fc.nat(), tax: fc.nat(), total: fc.integer(), due: fc.integer(), amounts: fc.array(fc.integer(), { maxLength: 5 }) })
    .map(({ amounts, ...rest }): InvoicePreviewView => ({ ...rest, subtotal: 0, lines: amounts.map((amount) => ({ ...line, amount })) }))
  fc.assert(fc.property(fc.option(invoice), invoice, fc.constantFrom('now' as const, 'period-end' as const), (first, coming, when) => {
    const { lines, currency, discount, tax } = first ?? coming
    expect(derivePlanChange({ kind: 'change', when, at, prorationDate: first && at, now: first, next: coming })).toEqual({
      kind: 'change', when, at, prorationDate: first && at, lines, currency, discount, tax,
      due: first ? { amount: first.due, currency: first.currency } : undefined, next: { amount: coming.total, currency: coming.currency },
    })
  }))
})
