import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CompactMap } from './compact-map.ts'

it('CompactMap holds what a Map holds', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd')
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), key, fc.integer())), (steps) => {
      const compact = new CompactMap<number>()
      const plain = new Map<string, number>()
      for (const [isAdded, name, value] of steps) {
        if (isAdded && !plain.has(name)) {
          compact.add(name, value)
          plain.set(name, value)
        } else if (!isAdded) {
          compact.delete(name)
          plain.delete(name)
        }
        expect(compact.size).toBe(plain.size)
        expect(compact.isEmpty()).toBe(plain.size === 0)
        expect(new Map(compact.entries())).toEqual(plain)
        for (const other of ['a', 'b', 'c', 'd']) expect(compact.find(other)).toBe(plain.get(other))
      }
    }),
  )
})
