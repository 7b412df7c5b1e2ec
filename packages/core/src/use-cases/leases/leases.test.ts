import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distantStore } from '../../../test/leases/distant-store.ts'
import type { Draw } from '../../domain/decision.ts'
import { day, second } from '../../domain/instant.ts'
import type { LogFields } from '../../ports/logger.ts'
import { systemRandom } from '../../ports/random.ts'
import type { ConsumeOperation, UsageOutcome } from '../../ports/usage-store.ts'
import { manualClock } from '../../testing/manual-clock.ts'
import { createUsageBatcher } from '../counting/usage-batcher.ts'
import { createLeases } from './leases.ts'

function setUp() {
  const clock = manualClock()
  const distant = distantStore(clock)
  const batcher = createUsageBatcher(distant.store.usage, { clock })
  const policies = new Map([['apiCalls', { most: 1_000, idle: second }]])
  const warnings: LogFields[] = []
  const logger = { info: ignore, error: ignore, warn: (_: string, fields: LogFields) => void warnings.push(fields) }
  return { clock, distant, warnings, leases: createLeases({ batcher, policies, clock, random: systemRandom, logger }) }
}

function ignore(): void {}

function consumption(freshness: Partial<ConsumeOperation['freshness']> = {}): ConsumeOperation {
  return {
    verb: 'consume',
    customer: 'ann',
    feature: 'apiCalls',
    amount: 1,
    key: null,
    keyFor: 0,
    freshness: { version: 2, validFrom: 0, validUntil: null, loaded: true, ...freshness },
    gates: [],
    buckets: [{ id: 'allowance:0', kind: 'allowance', limit: 10_000, keepUntil: null }],
  }
}

it.each([
  ['nothing read', { loaded: false }, {}],
  ['an older version', { loaded: false }, { loaded: false, version: 3 }],
])('one who knows %s asks for nobody who knows more', async (_, less, more) => {
  const { distant, leases } = setUp()
  // Two that ask the store, and blocks of 4, 16 and 64, so that the next one asks for a block.
  for (let call = 0; call < 86; call += 1) expect(await leases.submit(consumption())).toMatchObject({ kind: 'taken' })
  const asked = distant.calls.length
  await distant.store.usage.raiseVersion('ann', 3)

  const [stale, taken] = await Promise.all([leases.submit(consumption(less)), leases.submit(consumption(more))])
  expect(stale).toMatchObject({ kind: 'stale' })
  expect(taken).toMatchObject({ kind: 'taken' })
  expect(distant.calls[asked]?.map(({ verb }) => verb)).toEqual(['settle', 'reserve'])
  await leases.close()
})

it('closes after those who wait have their answer', async () => {
  const { distant, leases } = setUp()
  for (let call = 0; call < 50; call += 1) await leases.submit(consumption())
  const waiting = [2, 3, 4].flatMap((version) => Array.from({ length: 100 }, async () => leases.submit(consumption({ version }))))
  await leases.close()
  for (const outcome of await Promise.all(waiting)) expect(outcome).toMatchObject({ kind: 'taken' })
  expect(() => leases.submit(consumption())).toThrow('closed')
  expect((await distant.read('ann', 'apiCalls', ['allowance:0'])).buckets).toEqual([{ id: 'allowance:0', used: 350, reserved: 0 }])
})

it('takes no more back into a block than was spent of it', async () => {
  const { distant, leases } = setUp()
  await leases.submit({ ...consumption(), amount: 1_001 })
  for (let call = 0; call < 50; call += 1) await leases.submit(consumption())
  const drawn = [{ bucket: 'allowance:0', kind: 'allowance', amount: 1_001 }] as const
  expect(await leases.submit({ verb: 'release', customer: 'ann', feature: 'apiCalls', target: { by: 'drawn', drawn } })).toMatchObject({ kind: 'ended' })
  await leases.close()
  expect((await distant.read('ann', 'apiCalls', ['allowance:0'])).buckets).toEqual([{ id: 'allowance:0', used: 50, reserved: 0 }])
})

it('lets nothing come back of a customer who was erased while a block was open, and says what is counted nowhere', async () => {
  const { clock, distant, warnings, leases } = setUp()
  const known = consumption({ loaded: false })
  for (let call = 0; call < 40; call += 1) await leases.submit(consumption())
  await distant.store.usage.forget('ann')
  const { length } = distant.calls
  const again = []
  for (let call = 0; call < 5; call += 1) again.push(await leases.submit(known))
  expect(again).toMatchObject(again.map(() => ({ kind: 'taken' })))
  expect(distant.calls).toHaveLength(length)
  clock.advance(second)
  expect(await leases.submit(known)).toMatchObject({ kind: 'stale', marker: null })
  await leases.sweep()
  const [block] = distant.calls.slice(length).flat()
  expect(warnings).toEqual([{ customer: 'ann', feature: 'apiCalls', amount: block?.verb === 'settle' ? block.amount : null }])
  expect(await distant.read('ann', 'apiCalls', ['allowance:0'])).toMatchObject({ marker: null, buckets: [{ used: 0, reserved: 0 }] })
  await leases.close()
  expect(warnings).toHaveLength(1)
})

it('keeps no places for who has no block until a clock that was set back is as late again', async () => {
  const { clock, distant, leases } = setUp()
  // The first is asked of the store itself, and no more than ten thousand have places.
  await Promise.all(Array.from({ length: 10_001 }, async (_, index) => leases.submit({ ...consumption(), customer: `customer_${index}` })))
  clock.advance(-day)
  await leases.sweep()
  const { length } = distant.calls
  for (let call = 0; call < 86; call += 1) await leases.submit(consumption())
  expect(distant.calls.length - length).toBeLessThan(10)
  await leases.close()
})

it('says nothing of a block that ended, or was never made', async () => {
  const { clock, distant, warnings, leases } = setUp()
  for (let round = 0; round < 30; round += 1) {
    distant.loseOneIn(round % 3)
    await Promise.allSettled(Array.from({ length: 20 }, async () => leases.submit(consumption())))
    clock.advance(second * (round % 7))
    await leases.sweep()
  }
  distant.loseOneIn(0)
  await leases.close()
  expect(warnings).toEqual([])
})

describe('towards the limit', () => {
  const small = [{ id: 'allowance:0', kind: 'allowance', limit: 100, keepUntil: null }] as const

  it('pays those who came first, and refuses all others by one answer that was asked for after they came', async () => {
    const { distant, leases } = setUp()
    for (let call = 0; call < 40; call += 1) await leases.submit({ ...consumption(), buckets: small })
    const asked = distant.calls.length
    const outcomes = await Promise.all(Array.from({ length: 100 }, async () => leases.submit({ ...consumption(), buckets: small })))
    expect(outcomes.map(({ kind }) => kind)).toEqual([...Array.from({ length: 60 }, () => 'taken'), ...Array.from({ length: 40 }, () => 'refused')])
    const calls = distant.calls.slice(asked)
    expect(calls.flat().filter(({ verb }) => verb === 'consume')).toHaveLength(1)
    expect(calls.length).toBeLessThan(5)
    await leases.close()
    expect((await distant.read('ann', 'apiCalls', ['allowance:0'])).buckets).toEqual([{ id: 'allowance:0', used: 100, reserved: 0 }])
  })

  it('asks again for each who needs less than what was refused', async () => {
    const { distant, leases } = setUp()
    for (let call = 0; call < 97; call += 1) await leases.submit({ ...consumption(), buckets: small })
    const outcomes = await Promise.all([5, 2, 7, 1, 1].map(async (amount) => leases.submit({ ...consumption(), amount, buckets: small })))
    expect(outcomes.map(({ kind }) => kind)).toEqual(['refused', 'taken', 'refused', 'taken', 'refused'])
    await leases.close()
    expect((await distant.read('ann', 'apiCalls', ['allowance:0'])).buckets).toEqual([{ id: 'allowance:0', used: 100, reserved: 0 }])
  })

  it('keeps nobody of more waiting who is billed for it', async () => {
    const { distant, leases } = setUp()
    const billed = { ...consumption(), buckets: [...small, { id: 'overage:0', kind: 'overage', limit: null, keepUntil: null }] as const }
    await leases.submit({ ...billed, amount: 100 })
    await leases.submit(billed)
    distant.calls.length = 0
    const outcomes = await Promise.all(Array.from({ length: 64 }, async () => leases.submit(billed)))
    expect(outcomes.every(({ kind }) => kind === 'taken')).toBe(true)
    expect(distant.calls.map((call) => call.length)).toEqual([64])
    await leases.close()
  })

  it('lets in at once whoever asks after more was given', async () => {
    const { distant, leases } = setUp()
    for (let call = 0; call < 100; call += 1) await leases.submit({ ...consumption(), buckets: small })
    const many = async (buckets: ConsumeOperation['buckets']) => Promise.all(Array.from({ length: 20 }, async () => leases.submit({ ...consumption(), buckets })))
    expect((await many(small)).every(({ kind }) => kind === 'refused')).toBe(true)
    expect((await many([{ ...small[0], limit: 200 }])).every(({ kind }) => kind === 'taken')).toBe(true)
    await leases.close()
    expect((await distant.read('ann', 'apiCalls', ['allowance:0'])).buckets).toEqual([{ id: 'allowance:0', used: 120, reserved: 0 }])
  })

  it('refuses by one answer whoever needs more than it tells to be left, in whatever order they came', async () => {
    const { distant, leases } = setUp()
    for (let call = 0; call < 91; call += 1) await leases.submit({ ...consumption(), buckets: small })
    await leases.sweep()
    distant.calls.length = 0
    const amounts = Array.from({ length: 64 }, (_, index) => 64 - index)
    const outcomes = await Promise.all(amounts.map(async (amount) => leases.submit({ ...consumption(), amount, buckets: small })))
    expect(outcomes.map(({ kind }, index) => (kind === 'taken' ? amounts[index] : 0)).filter((amount) => amount !== 0)).toEqual([9])
    expect(distant.calls.length).toBeLessThan(5)
    await leases.close()
  })

  it('tells all who waited in one call that their plan has changed', async () => {
    const { distant, leases } = setUp()
    const older = { ...consumption({ loaded: false }), buckets: small }
    for (let call = 0; call < 101; call += 1) await leases.submit({ ...consumption(), buckets: small })
    await distant.store.usage.raiseVersion('ann', 3)
    distant.calls.length = 0
    const loaded = { ...consumption(), buckets: small }
    const outcomes = await Promise.all([...Array.from({ length: 64 }, () => older), loaded].map(async (operation) => leases.submit(operation)))
    expect(outcomes.map(({ kind }) => kind)).toEqual([...Array.from({ length: 64 }, () => 'stale'), 'refused'])
    expect(distant.calls).toHaveLength(2)
    await leases.close()
  })

  it('tells all who waited in one call that the store cannot be reached', async () => {
    const { distant, leases } = setUp()
    for (let call = 0; call < 101; call += 1) await leases.submit({ ...consumption(), buckets: small })
    distant.calls.length = 0
    distant.loseOneIn(1)
    const outcomes = await Promise.allSettled(Array.from({ length: 64 }, async () => leases.submit({ ...consumption(), buckets: small })))
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    expect(distant.calls).toHaveLength(1)
    distant.loseOneIn(0)
    await leases.close()
  })

  it('refuses nobody by an answer that was asked for before he came', async () => {
    const { distant, leases } = setUp()
    for (let call = 0; call < 101; call += 1) await leases.submit({ ...consumption(), buckets: small })
    const many = () => Array.from({ length: 8 }, async () => leases.submit({ ...consumption(), buckets: small }))
    distant.calls.length = 0
    const early = many()
    while (distant.calls.length === 0) await Promise.resolve()
    const drawn = [{ bucket: 'allowance:0', kind: 'allowance', amount: 5 }] as const
    const release = leases.submit({ verb: 'release', customer: 'ann', feature: 'apiCalls', target: { by: 'drawn', drawn } })
    const late = many()
    expect((await Promise.all(early)).every(({ kind }) => kind === 'refused')).toBe(true)
    expect(await release).toMatchObject({ kind: 'ended' })
    expect((await Promise.all(late)).map(({ kind }) => kind)).toEqual([...Array.from({ length: 5 }, () => 'taken'), ...Array.from({ length: 3 }, () => 'refused')])
    await leases.close()
    expect((await distant.read('ann', 'apiCalls', ['allowance:0'])).buckets).toEqual([{ id: 'allowance:0', used: 100, reserved: 0 }])
  })

  it('answers everybody who waits at the limit before it closes', async () => {
    const { distant, leases } = setUp()
    for (let call = 0; call < 40; call += 1) await leases.submit({ ...consumption(), buckets: small })
    const outcomes = Array.from({ length: 100 }, async (_, index) => leases.submit({ ...consumption(), amount: 1 + (index % 3), buckets: small }))
    await leases.close()
    const taken = (await Promise.all(outcomes)).reduce((sum, { kind }, index) => (kind === 'taken' ? sum + 1 + (index % 3) : sum), 0)
    expect(taken).toBe(60)
    expect((await distant.read('ann', 'apiCalls', ['allowance:0'])).buckets).toEqual([{ id: 'allowance:0', used: 100, reserved: 0 }])
  })
})

describe('what is released', () => {
  const buckets = [
    { id: 'grant:a', kind: 'grant', limit: 40, keepUntil: null },
    { id: 'allowance:0', kind: 'allowance', limit: 200, keepUntil: null },
    { id: 'overage:0', kind: 'overage', limit: null, keepUntil: null },
  ] as const
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ consume: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 9 })) }) },
    { weight: 3, arbitrary: fc.record({ release: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ wait: fc.constantFrom(1, 500, 1000) }) },
  )

  it('goes back to the buckets that paid, whether blocks of them are open or not', async () => {
    const property = fc.asyncProperty(fc.constantFrom(1, 2, 3), fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }), async (count, steps) => {
      const { clock, distant, leases } = setUp()
      const asked = buckets.slice(3 - count)
      const taken: (readonly Draw[])[] = []
      const released: UsageOutcome[] = []
      for (const next of steps) {
        if ('wait' in next) clock.advance(next.wait)
        else if ('consume' in next) {
          const outcome = await leases.submit({ ...consumption(), amount: next.consume, buckets: asked })
          if (outcome.kind === 'taken') taken.push(outcome.drawn)
        } else {
          const [drawn] = taken.splice(next.release % taken.length, 1)
          if (drawn === undefined) continue
          const release = { verb: 'release', customer: 'ann', feature: 'apiCalls', target: { by: 'drawn', drawn } } as const
          released.push(await leases.submit(release))
        }
      }
      await leases.close()
      expect(released.filter(({ kind }) => kind !== 'ended')).toEqual([])
      const sumOf = (id: string) => taken.flat().reduce((sum, { bucket, amount }) => (bucket === id ? sum + amount : sum), 0)
      const expected = asked.map(({ id }) => ({ id, used: sumOf(id), reserved: 0 }))
      expect((await distant.read('ann', 'apiCalls', asked.map(({ id }) => id))).buckets).toEqual(expected)
    })
    await fc.assert(property, { seed: 1406910892, numRuns: 300 })
  })
})

it('tells what the store counted for one caller with what is spent of the block, as a reading does', async () => {
  const { distant, leases } = setUp()
  for (let call = 0; call < 4; call += 1) await leases.submit(consumption())
  const outcome = await leases.submit({ ...consumption(), key: 'k' })
  const query = { customer: 'ann', feature: 'apiCalls', buckets: ['allowance:0'], gates: [] }
  const told = [{ id: 'allowance:0', used: 5, reserved: 0 }]
  expect((await distant.read('ann', 'apiCalls', ['allowance:0'])).buckets).not.toEqual(told)
  expect(leases.tell([query], await distant.store.usage.read([query]))).toMatchObject([{ buckets: told }])
  expect(outcome).toMatchObject({ kind: 'taken', buckets: told })
  await leases.close()
})
