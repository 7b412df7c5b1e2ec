import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { type Turns, findNodeTurns } from './node-turns.ts'

function turns(): Turns {
  const found = findNodeTurns()
  if (found === undefined) throw new Error('Node tells where its turns end')
  return found
}

/** Runs `work` in callbacks of their own, all in one turn. */
async function inCallbacks(count: number, work: () => void): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => setImmediate().then(work)))
  await setImmediate()
}

it('does at once what is asked for one after the other, however often', async () => {
  const found = turns()
  for (let count = 0; count < 1000; count += 1) {
    expect(found.mayDoNow(0)).toBe(true)
    await Promise.resolve()
  }
})

it('does one of what is asked for together at once', () => {
  const found = turns()
  expect(Array.from({ length: 10 }, () => found.mayDoNow(0))).toEqual([true, ...Array.from({ length: 9 }, () => false)])
})

it('does a few at once in the callbacks of a turn, and anew in the next turn', async () => {
  const found = turns()
  for (let turn = 0; turn < 3; turn += 1) {
    let now = 0
    let later = 0
    await inCallbacks(50, () => {
      if (found.mayDoNow(later)) now += 1
      else later += 1
    })
    expect(now).toBeGreaterThan(1)
    expect(now).toBeLessThanOrEqual(5)
    expect(now + later).toBe(50)
  }
})
