import fc from 'fast-check'
import { expect } from 'vitest'
import { largestAmount } from '../../src/domain/amount.ts'
import type { Gate } from '../../src/domain/gate.ts'
import { day, hour, minute } from '../../src/domain/instant.ts'
import { memoryStore } from '../../src/drivers/memory/index.ts'
import type { UsageBucket, UsageOperation, UsageOutcome, UsageStore } from '../../src/ports/usage-store.ts'
import { type ManualClock, manualClock } from '../../src/testing/manual-clock.ts'

/**
 * Histories that reach what the others do not: several stores on one database take turns, or ask at the same moment; names of
 * any kind; amounts near the largest; up to four gates and five buckets, whose periods change in the middle of a call;
 * counters whose time is over in the end.
 */
interface WideHistory {
  /** How the names of customers, features, keys, reservations, grants and gates end. */
  readonly suffix: string
  /** Few keys and reservations, so that their names meet again everywhere and for as long as anything is remembered. */
  readonly isNarrow: boolean
  readonly steps: readonly Step[]
  /** After everything that has a time is over, and was swept. */
  readonly after: readonly Step[]
}

/** One call, by one of the stores. */
interface Call {
  readonly store: number
  readonly operations: readonly UsageOperation[]
}

type Step =
  | Call
  | { readonly together: readonly Call[] }
  | { readonly advance: number }
  | { readonly raise: string; readonly version: number; readonly store: number }
  | { readonly forget: string; readonly store: number }
  | { readonly sweep: number }

const start = manualClock().now()

/** Until when counters may be kept, by the last letter of their names: of some all of it comes before {@link atTheEnd}, of others nothing. */
const keeps: Readonly<Record<string, readonly (number | null)[]>> = {
  0: [null, start + 90 * day],
  1: [start + 30 * day, start + 45 * day],
  2: [start + 90 * day, start + 99 * day],
  a: [null],
  b: [start + 59 * day],
}
const atTheEnd = start + 60 * day

const names = ['', ' a', '{b', '}', ',;%', '"\\\n', "'", 'é😀', '%007b', ':k', '\u0001'] as const
const customers = ['c1', 'c2'] as const
const features = ['f', 'g'] as const
const ids = ['grant:a', 'grant:b', 'allowance:0', 'allowance:1', 'allowance:2', 'overage:0', 'overage:1', 'overage:2', 'overdraft:0'] as const

function gateOf(limit: number, period: number, burst: number): Gate {
  return { id: `${limit}/${period}/${burst}`, limit, period, burst }
}
const gates: readonly Gate[] = [gateOf(3, 1000, 2), gateOf(20, minute, 8), gateOf(60, hour, 60), gateOf(7, day, 7), gateOf(largestAmount, minute, largestAmount)]

const place = fc.record({
  customer: fc.oneof({ weight: 4, arbitrary: fc.constant(customers[0]) }, { weight: 1, arbitrary: fc.constant(customers[1]) }),
  feature: fc.oneof({ weight: 3, arbitrary: fc.constant(features[0]) }, { weight: 1, arbitrary: fc.constant(features[1]) }),
})
const keys = fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5', 'k6')
const reservations = fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5', 'r6')
const amount = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 1, arbitrary: fc.constantFrom(30, 61, 2 ** 52, largestAmount - 3, largestAmount - 1, largestAmount) },
)
const store = fc.nat(2)

function bucketOf(id: string, limit: number | null, keep = 0): UsageBucket {
  const kind = id.startsWith('grant') ? 'grant' : id.startsWith('allowance') ? 'allowance' : 'overage'
  return { id, kind, limit, keepUntil: keeps[id.slice(-1)]?.at(-keep) ?? null }
}

const keepUntil = fc.nat(1)
const limit = fc.constantFrom(0, 3, 12, 40, 40, largestAmount, null)
const buckets = fc.oneof(
  { weight: 4, arbitrary: keepUntil.map((keep) => [bucketOf('allowance:0', 40, keep)]) },
  {
    weight: 4,
    arbitrary: fc
      .record({ grants: fc.subarray(['grant:a', 'grant:b']), period: fc.constantFrom(0, 0, 0, 1, 2), limits: fc.tuple(limit, limit, limit), keepUntil, isOpen: fc.boolean() })
      .map(({ grants, period, limits, keepUntil: keep, isOpen }) => [
        ...grants.map((id) => bucketOf(id, limits[0])),
        bucketOf(`allowance:${period}`, limits[1], keep),
        ...(isOpen ? [bucketOf(`overage:${period}`, limits[2], keep)] : []),
      ]),
  },
  { weight: 1, arbitrary: fc.shuffledSubarray([...ids], { maxLength: 5 }).map((chosen) => chosen.map((id) => bucketOf(id, 10))) },
)
const freshness = fc.oneof(
  { weight: 8, arbitrary: fc.boolean().map((loaded) => ({ version: 1, validFrom: 0, validUntil: null, loaded })) },
  {
    weight: 2,
    arbitrary: fc.record({
      version: fc.constantFrom(0, 1, 2, 3, largestAmount),
      validFrom: fc.constantFrom(0, start, start + 1, start + 10 * minute),
      validUntil: fc.constantFrom(null, start + 1, start + 10 * minute, start + day),
      loaded: fc.boolean(),
    }),
  },
)
const passing = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ gates: [] as readonly Gate[] }) },
  { weight: 3, arbitrary: fc.shuffledSubarray([...gates], { minLength: 1, maxLength: 4 }).map((chosen) => ({ gates: chosen })) },
  { weight: 1, arbitrary: fc.record({ gates: fc.shuffledSubarray([...gates], { minLength: 1 }), requests: fc.integer({ min: 1, max: 2 }) }) },
)
const taking = fc
  .tuple(place, fc.record({ amount, key: fc.option(keys, { freq: 2 }), keyFor: fc.constantFrom(0, 1, minute, 10 * minute, day, 3 * day), freshness, buckets }), passing)
  .map(([where, take, through]) => ({ ...where, ...take, ...through }))

const consumption = taking.map((take): UsageOperation => ({ verb: 'consume', ...take }))
const reservation = fc
  .tuple(
    taking,
    fc.record({ reservation: reservations, expiresIn: fc.constantFrom(0, 1, minute, 10 * minute, hour, 2 * day), onExpiry: fc.constantFrom('release' as const, 'settle' as const) }),
    fc.constantFrom(0, 0, 2, 9, largestAmount),
    fc.tuple(fc.constantFrom('overdraft:0', 'overage:0', 'allowance:0'), keepUntil),
  )
  .map(([take, ending, most, [id, keep]]): UsageOperation => {
    const overdraft = Math.min(most, largestAmount - take.amount)
    return { verb: 'reserve', ...take, ...ending, overdraft, overdraftBucket: bucketOf(id, null, keep) }
  })
const ending = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(place, reservations, fc.oneof({ weight: 5, arbitrary: fc.nat(8) }, { weight: 1, arbitrary: amount })).map(
      ([where, id, counted]): UsageOperation => ({ verb: 'settle', ...where, reservation: id, amount: counted }),
    ),
  },
  { weight: 2, arbitrary: fc.tuple(place, reservations).map(([where, id]): UsageOperation => ({ verb: 'release', ...where, target: { by: 'reservation', reservation: id } })) },
  { weight: 2, arbitrary: fc.tuple(place, keys).map(([where, key]): UsageOperation => ({ verb: 'release', ...where, target: { by: 'key', key } })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(place, fc.array(fc.tuple(fc.constantFrom(...ids), amount), { minLength: 1, maxLength: 3 }))
      .map(([where, draws]): UsageOperation => {
        const whole = draws.filter((_, index) => draws.slice(0, index + 1).reduce((sum, [, more]) => sum + more, 0) <= largestAmount)
        return { verb: 'release', ...where, target: { by: 'drawn', drawn: whole.map(([id, counted]) => ({ bucket: id, kind: bucketOf(id, null).kind, amount: counted })) } }
      }),
  },
)
const operation = fc.oneof({ weight: 5, arbitrary: consumption }, { weight: 3, arbitrary: reservation }, { weight: 3, arbitrary: ending })

/** The same again and again, as one busy customer sends it. */
const burst = fc
  .tuple(consumption, fc.integer({ min: 2, max: 9 }), fc.boolean())
  .map(([one, count, isKeyed]) => Array.from({ length: count }, (_, nth) => (one.verb === 'consume' ? { ...one, key: isKeyed ? `k${(nth % 7) + 1}` : null } : one)))
const some = fc.oneof(
  { weight: 4, arbitrary: operation.map((one): readonly UsageOperation[] => [one]) },
  { weight: 1, arbitrary: burst },
  { weight: 1, arbitrary: fc.array(fc.oneof(reservation, ending), { minLength: 2, maxLength: 4 }) },
  { weight: 2, arbitrary: fc.array(operation, { minLength: 2, maxLength: 6 }) },
)
const call: fc.Arbitrary<Call> = fc.record({ store, operations: some })
const few: fc.Arbitrary<Call> = fc.record({ store, operations: fc.array(operation, { minLength: 1, maxLength: 2 }) })

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 16, arbitrary: call },
  { weight: 3, arbitrary: fc.array(few, { minLength: 2, maxLength: 3 }).map((together) => ({ together })) },
  { weight: 5, arbitrary: fc.constantFrom(1, 999, 1000, minute - 1, minute, 10 * minute, 15 * minute - 1, 15 * minute, day).map((advance) => ({ advance })) },
  { weight: 2, arbitrary: fc.record({ raise: fc.constantFrom(...customers), version: fc.constantFrom(1, 1, 2, 3), store }) },
  { weight: 1, arbitrary: fc.record({ forget: fc.constantFrom(...customers), store }) },
  { weight: 1, arbitrary: fc.record({ sweep: store }) },
)

export const wideHistory: fc.Arbitrary<WideHistory> = fc.record({
  suffix: fc.constantFrom(...names),
  isNarrow: fc.boolean(),
  // Days that pass stay below those after which the first counters are over.
  steps: fc.array(step, { minLength: 20, maxLength: 50, size: 'max' }).map((steps) => {
    let days = 0
    return steps.filter((next) => !('advance' in next) || next.advance < day || (days += 1) < 20)
  }),
  after: fc.array(step, { minLength: 2, maxLength: 8, size: 'max' }).map((steps) => steps.map(postponed)),
})

function later(one: UsageBucket): UsageBucket {
  return { ...one, keepUntil: one.keepUntil && one.keepUntil + 100 * day }
}

function withLater(one: UsageOperation): UsageOperation {
  if (one.verb === 'consume') return { ...one, buckets: one.buckets.map(later) }
  return one.verb === 'reserve' ? { ...one, buckets: one.buckets.map(later), overdraftBucket: later(one.overdraftBucket) } : one
}

function callLater(one: Call): Call {
  return { ...one, operations: one.operations.map(withLater) }
}

/** With counters whose time is not over already: whether such a one is dropped is the store's own affair. */
function postponed(next: Step): Step {
  if ('operations' in next) return callLater(next)
  return 'together' in next ? { together: next.together.map(callLater) } : next
}

/** What has happened, so that it can be told again. */
type Entry = { readonly operation: UsageOperation } | Exclude<Step, Call | { readonly together: readonly Call[] }>

async function tell(usage: UsageStore, clock: ManualClock, entry: Entry): Promise<UsageOutcome | undefined> {
  if ('operation' in entry) return (await usage.execute([entry.operation]))[0]
  if ('advance' in entry) clock.advance(entry.advance)
  else if ('raise' in entry) await usage.raiseVersion(entry.raise, entry.version)
  else if ('forget' in entry) await usage.forget(entry.forget)
  else await usage.sweep()
  return undefined
}

/** The reference, after all that has happened. */
async function retell(entries: readonly Entry[]): Promise<{ readonly usage: UsageStore; readonly clock: ManualClock }> {
  const clock = manualClock(start)
  const { usage } = memoryStore({ clock })
  for (const entry of entries) await tell(usage, clock, entry)
  return { usage, clock }
}

/** An order of what was asked at the same moment in which the reference gives the same answers; `undefined` where there is none. */
async function findOrder(
  before: readonly Entry[],
  calls: readonly { readonly operations: readonly UsageOperation[]; readonly outcomes: readonly UsageOutcome[] }[],
): Promise<readonly Entry[] | undefined> {
  if (calls.every(({ operations }) => operations.length === 0)) return before
  for (const [caller, { operations, outcomes }] of calls.entries()) {
    for (const [index, next] of operations.entries()) {
      // Operations of a call are independent; those of one feature keep their order.
      if (operations.slice(0, index).some(({ customer, feature }) => customer === next.customer && feature === next.feature)) continue
      const { usage } = await retell(before)
      const [expected] = await usage.execute([next])
      if (!isSame(expected, outcomes[index])) continue
      const rest = { operations: operations.toSpliced(index, 1), outcomes: outcomes.toSpliced(index, 1) }
      const found = await findOrder([...before, { operation: next }], calls.with(caller, rest))
      if (found !== undefined) return found
    }
  }
  return undefined
}

function isSame(one: unknown, other: unknown): boolean {
  try {
    expect(one).toEqual(other)
    return true
  } catch {
    return false
  }
}

/** Grants are named by people, other buckets by their periods. */
function bucketName(id: string, suffix: string): string {
  return id.startsWith('grant') ? id + suffix : id
}

function gatesOf(those: readonly Gate[], suffix: string): readonly Gate[] {
  return those.map((gate) => ({ ...gate, id: gate.id + suffix }))
}

function rename(history: WideHistory): (step: Step) => Step {
  const run = crypto.randomUUID()
  const { suffix, isNarrow } = history
  /** Of k1 to k7, or r1 to r6, the first two. */
  const own = (id: string): string => (isNarrow ? `${id[0]}${(Number(id.slice(1)) % 2) + 1}` : id) + suffix
  const name = (customer: string): string => `${run}${customer}${suffix}`
  const renamed = (one: UsageOperation): UsageOperation => {
    const where = { customer: name(one.customer), feature: one.feature + suffix }
    if (one.verb === 'settle') return { ...one, ...where, reservation: own(one.reservation) }
    if (one.verb === 'consume' || one.verb === 'reserve') {
      const ownBuckets = one.buckets.map((bucket) => ({ ...bucket, id: bucketName(bucket.id, suffix) }))
      const asked = { ...where, key: one.key && own(one.key), buckets: ownBuckets, gates: gatesOf(one.gates, suffix) }
      return one.verb === 'consume' ? { ...one, ...asked } : { ...one, ...asked, reservation: own(one.reservation) }
    }
    const { target } = one
    if (target.by === 'key') return { ...one, ...where, target: { ...target, key: own(target.key) } }
    if (target.by === 'drawn') {
      const drawn = target.drawn.map((draw) => ({ ...draw, bucket: bucketName(draw.bucket, suffix) }))
      return { ...one, ...where, target: { ...target, drawn } }
    }
    return { ...one, ...where, target: { ...target, reservation: own(target.reservation) } }
  }
  const inCall = (one: Call): Call => ({ ...one, operations: one.operations.map(renamed) })
  return (next) => {
    if ('operations' in next) return inCall(next)
    if ('together' in next) return { together: next.together.map(inCall) }
    if ('raise' in next) return { ...next, raise: name(next.raise) }
    return 'forget' in next ? { ...next, forget: name(next.forget) } : next
  }
}

/** Asks stores on one database and the reference the same, and compares all they say. Answers how many operations there were. */
export async function replayWide(history: WideHistory, create: (clock: ManualClock) => readonly UsageStore[]): Promise<number> {
  const clock = manualClock(start)
  const stores = create(clock)
  let entries: readonly Entry[] = []
  let reference = await retell(entries)
  let count = 0
  const customerNames = new Set<string>()

  const at = (index: number): UsageStore => stores[index % stores.length] as UsageStore

  async function run(next: Step): Promise<void> {
    if ('together' in next) {
      const asked = next.together.map(async ({ store: index, operations }) => ({ operations, outcomes: await at(index).execute(operations) }))
      const calls = await Promise.all(asked)
      const found = await findOrder(entries, calls)
      if (found === undefined) expect(calls.map(({ outcomes }) => outcomes), 'an order in which the reference says so too').toBeUndefined()
      entries = found ?? []
      reference = await retell(entries)
      count += calls.reduce((sum, { operations }) => sum + operations.length, 0)
    } else if ('operations' in next) {
      entries = [...entries, ...next.operations.map((one) => ({ operation: one }))]
      expect(await at(next.store).execute(next.operations)).toEqual(await reference.usage.execute(next.operations))
      count += next.operations.length
    } else {
      entries = [...entries, next]
      await tell(reference.usage, reference.clock, next)
      await tell('sweep' in next ? at(next.sweep) : 'store' in next ? at(next.store) : at(0), clock, next)
    }
  }

  async function compare(): Promise<void> {
    const places = [...customerNames].flatMap((customer) => features.map((feature) => ({ customer, feature: feature + history.suffix })))
    const asked = { buckets: ids.map((id) => bucketName(id, history.suffix)), gates: gatesOf(gates, history.suffix) }
    const queries = places.map((where) => ({ ...where, ...asked }))
    expect(await at(count).read(queries)).toEqual(await reference.usage.read(queries))
    for (const where of places) {
      const span = { ...where, from: 0, to: 2 }
      const [told, expected] = [await at(count).history(span), await reference.usage.history(span)]
      expect(told.toSorted(byName)).toEqual(expected.toSorted(byName))
    }
  }

  const named = rename(history)
  for (const next of [...history.steps.map(named), { advance: 0 }, ...history.after.map(named)]) {
    if ('advance' in next && next.advance === 0) await finish()
    for (const one of callsOf(next)) customerNames.add(one.customer)
    await run(next)
    await compare()
  }

  /** Lets everything be over that has a time, and sweeps until nothing is found. */
  async function finish(): Promise<void> {
    await run({ advance: atTheEnd - clock.now() })
    for (const usage of [reference.usage, ...stores]) {
      for (let idle = 0; idle < 3; ) idle = Object.values(await usage.sweep()).some((dropped) => dropped > 0) ? 0 : idle + 1
    }
    // Told again, it is swept as often.
    entries = [...entries, ...Array.from({ length: 6 }, () => ({ sweep: 0 }))]
  }

  return count
}

function callsOf(next: Step): readonly UsageOperation[] {
  if ('together' in next) return next.together.flatMap(({ operations }) => operations)
  return 'operations' in next ? next.operations : []
}

function byName(one: { readonly bucket: string }, other: { readonly bucket: string }): number {
  return one.bucket < other.bucket ? -1 : 1
}
