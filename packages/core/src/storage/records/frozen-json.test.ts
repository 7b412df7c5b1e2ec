import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frozenJson, jsonText } from './frozen-json.ts'

describe('frozenJson()', () => {
  it('copies what JSON carries, and freezes every level', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const copied = frozenJson(value, 'row')
        expect(JSON.stringify(copied)).toBe(JSON.stringify(value))
        expect(isFrozen(copied)).toBe(true)
      }),
    )
  })

  it('names the field at fault, and never its value', () => {
    const row = { payload: { list: [1, { secret: new Date(0) }] } }

    expect(() => frozenJson(row, 'outbox.a')).toThrow(
      expect.objectContaining({
        code: 'invalid-request',
        faults: [expect.objectContaining({ path: 'outbox.a.payload.list.1.secret' })],
      }),
    )
  })

  it('is told as text without a copy, and refused alike', () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 4, withDate: true, withMap: true, withNullPrototype: true }), (value) => {
        const row = { value }
        const copied = outcomeOf(() => JSON.stringify(frozenJson(row, 'row')))
        expect(outcomeOf(() => jsonText(row, 'row'))).toEqual(copied)
      }),
    )
    const cycle: Record<string, unknown> = {}
    cycle['cycle'] = cycle
    expect(() => jsonText(cycle, 'row')).toThrow(expect.objectContaining({ code: 'invalid-request' }))
    expect(jsonText({ zero: -0, left: undefined, list: [{ toJSON: 1 }] }, 'row')).toBe('{"zero":0,"list":[{"toJSON":1}]}')
  })

  it('keeps a field named __proto__ a field', () => {
    const copied: unknown = frozenJson(JSON.parse('{"__proto__": {"admin": true}}'), 'row')

    expect(JSON.stringify(copied)).toBe('{"__proto__":{"admin":true}}')
    expect(Object.getPrototypeOf(copied)).toBe(Object.prototype)
  })
})

function outcomeOf(work: () => string): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

function isFrozen(value: unknown): boolean {
  return typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(isFrozen))
}
