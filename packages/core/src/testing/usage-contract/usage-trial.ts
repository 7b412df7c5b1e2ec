import { type Instant, type Milliseconds, day, minute } from '../../domain/instant.ts'
import type {
  ConsumeOperation,
  Freshness,
  ReleaseTarget,
  ReserveOperation,
  UsageBucket,
  UsageOperation,
  UsageOutcome,
  UsageReading,
  UsageStore,
} from '../../ports/usage-store.ts'
import { assertMatch, assertThat } from '../assertion.ts'
import type { ManualClock } from '../manual-clock.ts'

/** One rule of the usage store. */
export interface UsageCase {
  readonly name: string
  /** The rule is about time: it is tried only where a test may set the store's clock. */
  readonly needsClock?: true
  run(trial: UsageTrial): Promise<void>
}

type Changes<Operation> = Partial<Omit<Operation, 'verb'>>

/** A store on trial: a customer nobody has seen before, and operations of which a case names only what it is about. */
export interface UsageTrial {
  readonly store: UsageStore
  readonly customer: string
  consume(changes?: Changes<ConsumeOperation>): Promise<Answered>
  reserve(reservation: string, changes?: Changes<ReserveOperation>): Promise<Answered>
  settle(reservation: string, amount: number): Promise<Answered>
  release(target: ReleaseTarget): Promise<Answered>
  execute(operations: readonly UsageOperation[]): Promise<readonly UsageOutcome[]>
  consumption(changes?: Changes<ConsumeOperation>): ConsumeOperation
  reservation(id: string, changes?: Changes<ReserveOperation>): ReserveOperation
  read(changes?: { customer?: string; feature?: string; buckets?: readonly string[] }): Promise<UsageReading>
  /** The counter of a bucket is what the case says. */
  expectCounter(id: string, used: number, reserved?: number): Promise<void>
  now(): Promise<Instant>
  /** Moves the store's clock; only for cases that need it. */
  advance(length: Milliseconds): void
}

export const feature = 'apiCalls'
export const januaryFirst: Instant = Date.UTC(2026, 0, 1)
export const allowanceId: string = `allowance:${januaryFirst}`

/** The caller read the records for this call: the case is not about staleness. */
export const loaded: Freshness = { version: 1, validFrom: 0, validUntil: null, loaded: true }

export function allowanceOf(limit: number | null): UsageBucket {
  return { id: allowanceId, kind: 'allowance', limit, keepUntil: null }
}

export function grantOf(id: string, limit: number): UsageBucket {
  return { id: `grant:${id}`, kind: 'grant', limit, keepUntil: null }
}

export const overdraftBucket: UsageBucket = { id: `overdraft:${januaryFirst}`, kind: 'overage', limit: null, keepUntil: null }

export function createTrial(store: UsageStore, clock: ManualClock | undefined, customer: string): UsageTrial {
  function consumption(changes: Changes<ConsumeOperation> = {}): ConsumeOperation {
    const defaults = { customer, feature, amount: 1, key: null, keyFor: day, freshness: loaded, gates: [] }
    return { verb: 'consume', ...defaults, buckets: [allowanceOf(10)], ...changes }
  }

  function reservation(id: string, changes: Changes<ReserveOperation> = {}): ReserveOperation {
    const ending = { expiresIn: 10 * minute, onExpiry: 'release', overdraft: 0, overdraftBucket } as const
    return { ...consumption(), reservation: id, ...ending, ...changes, verb: 'reserve' }
  }

  async function executeOne(operation: UsageOperation): Promise<Answered> {
    const outcomes = await store.execute([operation])
    const [outcome] = outcomes
    assertThat(outcome !== undefined && outcomes.length === 1, 'One operation has one outcome')
    assertThat(outcome.kind !== 'failed', 'A call about one operation throws when it fails')
    return outcome
  }

  async function read(changes: { customer?: string; feature?: string; buckets?: readonly string[] } = {}): Promise<UsageReading> {
    const [reading] = await store.read([{ customer, feature, buckets: [allowanceId], gates: [], ...changes }])
    assertThat(reading !== undefined, 'One query has one reading')
    return reading
  }

  return {
    store,
    customer,
    consumption,
    reservation,
    read,
    consume: async (changes) => executeOne(consumption(changes)),
    reserve: async (id, changes) => executeOne(reservation(id, changes)),
    settle: async (id, amount) => executeOne({ verb: 'settle', customer, feature, reservation: id, amount }),
    release: async (target) => executeOne({ verb: 'release', customer, feature, target }),
    execute: async (operations) => store.execute(operations),
    async expectCounter(id, used, reserved = 0) {
      const { buckets } = await read({ buckets: [id] })
      assertMatch(buckets, [{ id, used, reserved }], `Counter of ${id}`)
    },
    now: async () => (await read()).now,
    advance(length) {
      assertThat(clock !== undefined, 'A case that moves the clock says that it needs one')
      clock.advance(length)
    },
  }
}

/** What a store answers to a call about one operation: it does, or it throws. */
type Answered = Exclude<UsageOutcome, { readonly kind: 'failed' }>

/** The outcome, known to be taken. */
export function taken(outcome: UsageOutcome): Extract<UsageOutcome, { kind: 'taken' }> {
  assertThat(outcome.kind === 'taken', `Expected to be taken, got ${JSON.stringify(outcome)}`)
  return outcome
}
