import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../errors/error.ts'
import { type Gate, peekGate, throughGate } from './gate.ts'
import { parseGate } from './parse-gate.ts'
import { Given } from './parse-value.ts'
import { minute, second } from './instant.ts'

const units = ['second', 'minute', 'hour', 'day'] as const

function gateOf(input: unknown): Gate {
  const faults: Fault[] = []
  const gate = parseGate(new Given(input, 'gate', faults))
  if (gate === undefined) throw new Error(faults.map(({ path, message }) => `${path}: ${message}`).join())
  return gate
}

const arbitraryGate = fc
  .record({ limit: fc.integer({ min: 1, max: 2000 }), per: fc.constantFrom(...units), share: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ limit, per, share }) => gateOf({ limit, per, burst: Math.max(1, Math.round(limit * share)) }))

/** Gaps between requests that make bursts, trickles and pauses. */
const arbitraryGaps = fc.array(fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 50 }) },
  { weight: 2, arbitrary: fc.integer({ min: 50, max: 100_000 }) },
), { minLength: 1, maxLength: 300 })

/** Sends requests at instants; answers those that were admitted. */
function admittedBy(gate: Gate, instants: readonly number[]): readonly number[] {
  let state = 0
  return instants.filter((instant) => {
    const verdict = throughGate(gate, state, instant)
    ;({ state } = verdict)
    return verdict.admitted
  })
}

function instantsOf(gaps: readonly number[]): readonly number[] {
  let instant = Date.UTC(2026, 0)
  return gaps.map((gap) => (instant += gap))
}

describe('throughGate', () => {
  it('lets several requests pass together exactly where they would pass one after the other', () => {
    fc.assert(fc.property(arbitraryGate, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 60 }), (gate, requests, before) => {
      const now = Date.UTC(2026, 0)
      let state = 0
      for (let index = 0; index < before; index += 1) ({ state } = throughGate(gate, state, now))
      const together = throughGate(gate, state, now, requests)
      let one = { ...together, admitted: true, state }
      for (let index = 0; index < requests && one.admitted; index += 1) one = throughGate(gate, one.state, now)
      expect(together.admitted).toBe(one.admitted)
      expect(together.state).toBe(together.admitted ? one.state : state)
    }))
  })

  it('admits at most burst + floor(w * limit / period) in any window of w', () => {
    fc.assert(fc.property(arbitraryGate, arbitraryGaps, (gate, gaps) => {
      const admitted = admittedBy(gate, instantsOf(gaps))
      for (const [first, from] of admitted.entries()) {
        for (let last = first; last < admitted.length; last += 1) {
          const window = admitted[last]! - from
          const most = gate.burst + Math.floor((window * gate.limit) / gate.period)
          expect(last - first + 1).toBeLessThanOrEqual(most)
        }
      }
    }))
  })

  it('is an exact token bucket where a request takes whole microseconds, and stricter by less than one elsewhere', () => {
    fc.assert(fc.property(arbitraryGate, arbitraryGaps, (gate, gaps) => {
      // Tokens are counted in fractions of 1/period, as integers, so the model rounds nothing.
      const [full, price, rate] = [BigInt(gate.burst * gate.period), BigInt(gate.period), BigInt(gate.limit)]
      const isExact = (gate.period * 1000) % gate.limit === 0
      let [state, tokens, before] = [0, full, Date.UTC(2026, 0)]
      for (const instant of instantsOf(gaps)) {
        tokens = [full, tokens + BigInt(instant - before) * rate].reduce((one, other) => (one < other ? one : other))
        before = instant
        const verdict = throughGate(gate, state, instant)
        const hasToken = tokens >= price
        expect(verdict.admitted ? hasToken : !(isExact && hasToken)).toBe(true)
        if (verdict.admitted) tokens -= price
        ;({ state } = verdict)
      }
    }))
  })

  it('rounds a fraction of a microsecond against the caller', () => {
    const gate = gateOf({ limit: 700_000, per: 'second', burst: 1000 })
    const at = Date.UTC(2026, 0)
    const requests = Array.from({ length: 4000 }, (_, index) => at + Math.floor(index / 2000))
    expect(admittedBy(gate, requests).length).toBeLessThanOrEqual(1000 + 700)
  })

  it('tells when a refused request would be admitted, to the millisecond', () => {
    fc.assert(fc.property(arbitraryGate, arbitraryGaps, (gate, gaps) => {
      let state = 0
      for (const instant of instantsOf(gaps)) {
        const verdict = throughGate(gate, state, instant)
        const asked = verdict.admitted ? instant : verdict.retryAt
        expect(throughGate(gate, state, asked).admitted).toBe(true)
        expect(asked === instant || !throughGate(gate, state, asked - 1).admitted).toBe(true)
        expect(verdict.admitted || (verdict.state === state && verdict.remaining === 0)).toBe(true)
        ;({ state } = verdict)
      }
    }))
  })

  it('says truly what remains and when the gate is empty again', () => {
    fc.assert(fc.property(arbitraryGate.filter((gate) => gate.burst <= 200), arbitraryGaps, (gate, gaps) => {
      const instants = instantsOf(gaps)
      let state = 0
      for (const instant of instants) ({ state } = throughGate(gate, state, instant))
      const now = instants.at(-1) ?? 0
      const { remaining, resetsAt } = peekGate(gate, state, now)
      expect(admittedAtOnce(gate, state, now)).toBe(remaining)
      expect(peekGate(gate, state, resetsAt)).toEqual({ remaining: gate.burst, resetsAt })
      expect(resetsAt === now || peekGate(gate, state, resetsAt - 1).resetsAt > resetsAt - 1).toBe(true)
    }))
  })

  it('lets a clock that goes back admit nothing extra', () => {
    const gate = gateOf('3/minute')
    const at = Date.UTC(2026, 0)
    expect(admittedBy(gate, [at, at - minute, at - 5 * minute, at, at, at, at])).toEqual([at, at, at])
  })
})

describe('parseGate', () => {
  it('takes the short and the long form', () => {
    expect(gateOf('100/minute')).toEqual({ id: '100/minute', limit: 100, period: minute, burst: 100 })
    expect(gateOf({ limit: 100, per: 'minute' })).toEqual(gateOf('100/minute'))
    expect(gateOf({ limit: 10, per: 'second', burst: 3 })).toEqual({ id: '10/second/3', limit: 10, period: second, burst: 3 })
    expect(gateOf('1000000/second')).toMatchObject({ limit: 1_000_000 })
  })

  it.each([
    undefined, null, 5, '', '100', '100/', '/minute', '100/year', '100/constructor', '1e2/minute', '-1/minute', '0/minute',
    '0.5/minute', '100 / minute', '99999999999/day', '1000001/second', {}, [], { limit: 100 },
    { limit: Number.NaN, per: 'day' }, { limit: 2 ** 53, per: 'day' }, { limit: '5', per: 'day' }, { limit: 5, per: 'toString' },
    { limit: 5, per: 'day', burst: 6 }, { limit: 5, per: 'day', burst: 0 }, { limit: 5, per: 'day', brust: 2 },
  ])('refuses %j', (input) => {
    expect(() => gateOf(input)).toThrow(/^gate: (Write|Count|Give|A gate has) /)
  })
})

function admittedAtOnce(gate: Gate, from: number, now: number): number {
  let [state, count] = [from, 0]
  for (;;) {
    const verdict = throughGate(gate, state, now)
    if (!verdict.admitted) return count
    ;({ state } = verdict)
    count += 1
  }
}
