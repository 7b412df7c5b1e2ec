import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CustomerUsage } from '../counting/customer-usage.ts'
import { ledgerOf } from '../counting/ledger.ts'
import { ensureCounter, ensureFeature } from '../counting/usage-state.ts'
import { CompactMap } from '../counting/compact-map.ts'
import { decodeKeyed, decodeReservation, encodeKeyed, encodeReservation } from './row-text.ts'
import { decodeDocument, encodeDocument } from './usage-document.ts'

const names = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }),
  fc.constantFrom('apiCalls', 'allowance:1763718000000', 'a,b', 'a;b', '%002c', '\u0000', '\ud800', '🚍'),
)
const amounts = fc.oneof(fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER), fc.maxSafeNat())
const instants = fc.oneof(fc.constantFrom(0, -1, 1_763_718_000_000, Number.POSITIVE_INFINITY), fc.maxSafeInteger())
const counters = fc.uniqueArray(fc.tuple(names, amounts, amounts, instants), { selector: ([id]) => id, maxLength: 4 })
const gates = fc.uniqueArray(fc.tuple(names, fc.integer({ min: 1 })), { selector: ([id]) => id, maxLength: 3 })
const features = fc.uniqueArray(fc.tuple(names, instants, fc.boolean(), counters, gates), { selector: ([name]) => name, maxLength: 4 })

describe('documents', () => {
  it('are read as they were written, whatever the names', () => {
    fc.assert(
      fc.property(fc.nat(), instants, features, (marker, markerUntil, list) => {
        const usage = new CustomerUsage()
        usage.marker = marker
        usage.markerUntil = markerUntil === Number.POSITIVE_INFINITY ? Number.NEGATIVE_INFINITY : markerUntil
        const archived = new Set<string>()
        for (const [name, expiry, isArchived, counted, passed] of list) {
          const feature = ensureFeature(usage, name)
          feature.expiry = expiry
          if (isArchived) archived.add(name)
          for (const [id, used, reserved, keepUntil] of counted) {
            const bucket = { id, kind: 'allowance', limit: null, keepUntil: keepUntil === Number.POSITIVE_INFINITY ? null : keepUntil } as const
            Object.assign(ensureCounter({ customers: new Map(), created: 0 }, feature, bucket), { used, reserved })
          }
          for (const [id, state] of passed) (feature.gates ??= new CompactMap()).add(id, { state })
        }

        const text = encodeDocument(usage, archived, 0)
        const read = new CustomerUsage()
        const notes = decodeDocument(text, read)

        expect(text).not.toMatch(/[\p{Cc}\p{Cs}]/u)
        expect([...(notes.archived ?? [])].toSorted()).toEqual([...archived].toSorted())
        expect(notes.counters).toBe(list.reduce((sum, [, , , counted]) => sum + counted.length, 0))
        expect(encodeDocument(read, notes.archived, 0)).toBe(text)
        expect(read.markerUntil).toBe(usage.markerUntil)
        for (const [name, expiry, , counted, passed] of list) {
          const feature = ledgerOf(read).find(name)
          expect(feature?.expiry).toBe(expiry)
          for (const [id, used, reserved, keepUntil] of counted) expect(feature?.counters.find(id)).toEqual({ used, reserved, keepUntil })
          for (const [id, state] of passed) expect(feature?.gates?.find(id)).toEqual({ state })
        }
      }),
    )
  })

  it('leave out gates that are as good as new', () => {
    const usage = new CustomerUsage()
    const gate = new CompactMap<{ state: number }>()
    gate.add('1/second', { state: 5000 })
    ensureFeature(usage, 'apiCalls').gates = gate

    expect(encodeDocument(usage, undefined, 4)).toContain('1/second')
    expect(encodeDocument(usage, undefined, 5)).not.toContain('1/second')
  })

  it.each(['x', '1', '1,2;', '1,2;a', '1,2;a,,,1', '1,2;a,,,1,b,-', '1,2;a,,,1,b,1,,;', '1,2a', '1,2;a,,,,g,x'])(
    'that nobody wrote are refused: %s',
    (text) => {
      const refusal = expect.objectContaining({ code: 'unavailable', reason: 'corrupt-row', message: expect.not.stringContaining('b,1') })
      expect(() => decodeDocument(text, new CustomerUsage())).toThrow(refusal)
    },
  )
})

describe('rows', () => {
  const drawn = fc.array(
    fc.record({ bucket: names, kind: fc.constantFrom('allowance' as const, 'grant' as const, 'overage' as const), amount: fc.maxSafeNat() }),
    { maxLength: 3 },
  )

  it('of keys are read as they were written', () => {
    const outcome = fc.record({
      verb: fc.constantFrom('consume' as const, 'reserve' as const),
      feature: names,
      amount: fc.maxSafeNat(),
      drawn,
      reservation: fc.option(names),
      expiresAt: fc.option(fc.maxSafeInteger()),
      until: fc.maxSafeInteger(),
    })
    fc.assert(
      fc.property(outcome, (keyed) => {
        expect(decodeKeyed(encodeKeyed(keyed), keyed.until)).toEqual(keyed)
      }),
    )
  })

  it('of reservations are read as they were written', () => {
    const bucket = { id: 'allowance:0', kind: 'allowance', limit: 5, keepUntil: null } as const
    const ending = { overdraft: 3, overdraftBucket: { ...bucket, id: 'overdraft:0' }, onExpiry: 'settle', key: 'k' } as const
    const held = { amount: 4, drawn: [{ bucket: 'allowance:0', kind: 'allowance', amount: 4 }], buckets: [bucket], expiresAt: 7, ...ending } as const
    expect(decodeReservation(encodeReservation(held), 7)).toEqual(held)
    const ended = { as: 'settled', amount: 4, drawn: held.drawn, until: 9 } as const
    expect(decodeReservation(encodeReservation(ended), 9)).toEqual(ended)
  })

  it.each(['', 'x,apiCalls,1,,', 'c,apiCalls,one,,', 'c,apiCalls,1,,,b,a', 'c,apiCalls,1,,,b,z,1'])('of keys that nobody wrote are refused: %s', (text) => {
    expect(() => decodeKeyed(text, 0)).toThrow(expect.objectContaining({ reason: 'corrupt-row' }))
  })

  it.each(['', '{}', '[]', '["held"'])('of reservations that nobody wrote are refused: %s', (text) => {
    expect(() => decodeReservation(text, 0)).toThrow(expect.objectContaining({ reason: 'corrupt-row' }))
  })
})
