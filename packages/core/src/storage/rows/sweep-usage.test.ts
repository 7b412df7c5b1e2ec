import { expect, it } from 'vitest'
import { ensureCustomer } from '../counting/ensure-customer.ts'
import { ledgerOf } from '../counting/ledger.ts'
import { type UsageState, ensureFeature } from '../counting/usage-state.ts'
import { sweepUsage } from './sweep-usage.ts'

it('drops a feature whose counters are over, unless some have rows of their own: they are found through it', () => {
  const state: UsageState = { customers: new Map(), created: 0 }
  const usage = ensureCustomer(state, 'customer')
  for (const name of ['archived', 'plain']) ensureFeature(usage, name).counters.add('allowance:0', { used: 1, reserved: 0, keepUntil: 10 })
  const swept = { reservations: 0, counters: 0, markers: 0 }
  sweepUsage(swept, usage, new Set(['archived']), 9)
  expect([...ledgerOf(usage).entries()].map(([name]) => name)).toEqual(['archived', 'plain'])
  sweepUsage(swept, usage, new Set(['archived']), 10)
  expect([...ledgerOf(usage).entries()].map(([name]) => name)).toEqual(['archived'])
  expect(swept.counters).toBe(2)
})
