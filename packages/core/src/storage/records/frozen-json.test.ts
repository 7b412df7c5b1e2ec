import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frozenJson } from './frozen-json.ts'

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

  it('keeps a field named __proto__ a field', () => {
    const copied: unknown = frozenJson(JSON.parse('{"__proto__": {"admin": true}}'), 'row')

    expect(JSON.stringify(copied)).toBe('{"__proto__":{"admin":true}}')
    expect(Object.getPrototypeOf(copied)).toBe(Object.prototype)
  })
})

function isFrozen(value: unknown): boolean {
  return typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(isFrozen))
}
