import { FareboxError } from '../errors/error.ts'
import type { ClaimsWriter } from '../ports/auth.ts'
import type { Payments } from '../ports/payments.ts'
import type { RecordStore } from '../ports/record-store.ts'
import type { Store } from '../ports/store.ts'
import type { UsageStore } from '../ports/usage-store.ts'
import type { FaultMoment } from './faulty-store.ts'

/** Where a process ends: at the N-th call to anything outside, either before it happened or after, unanswered. */
export interface CrashPoint {
  /** Counted from 1, all wrapped parts together, in the order in which calls begin. */
  readonly call: number
  readonly moment: FaultMoment
  /** Whether the process lives on, as after a lost connection; else every later call fails too. */
  readonly survives: boolean
}

/** The outside of one process, in which one call fails. Wrap whatever the process reaches. */
export interface Crashes {
  store(store: Store): Store
  payments(payments: Payments): Payments
  claims(claims: ClaimsWriter): ClaimsWriter
  /** For `Stripe.createFetchHttpClient`: then each request to Stripe is a call of its own. */
  fetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch
  /** Any other call to the outside. */
  call<Answer>(name: string, work: () => Answer | Promise<Answer>): Promise<Answer>
  /** What was called, in order. */
  readonly calls: readonly string[]
  readonly hasCrashed: boolean
}

/** With `null` nothing fails, and the calls are counted. */
export function createCrashes(point: CrashPoint | null): Crashes {
  const calls: string[] = []
  let hasCrashed = false
  let isDead = false

  async function call<Answer>(name: string, work: () => Answer | Promise<Answer>): Promise<Answer> {
    if (isDead) throw crash()
    calls.push(name)
    const isPoint = point !== null && calls.length === point.call
    if (isPoint && point.moment === 'before') fail()
    const answer = await work()
    if (isPoint) fail()
    return answer
  }

  function fail(): never {
    hasCrashed = true
    isDead = point?.survives !== true
    throw crash()
  }

  return {
    call,
    calls,
    get hasCrashed() {
      return hasCrashed
    },
    store: ({ records, usage }) => ({ records: wrapRecords(records, call), usage: wrapUsage(usage, call) }),
    payments: (payments) => wrapPayments(payments, call),
    claims: (claims) => ({ write: (customer, written) => call('claims.write', () => claims.write(customer, written)) }),
    fetch: (fetch) => (input, init) => call('fetch', () => fetch(input, init)),
  }
}

/** Which crashes {@link crashEverywhere} tries. */
export interface CrashPlan {
  /** Both moments, and both kinds of crash, unless said otherwise. */
  readonly kinds?: readonly Pick<CrashPoint, 'moment' | 'survives'>[]
  /** Tries every `step`-th call; every one unless said otherwise. */
  readonly step?: number
  /** The call that is tried first, from 1; where a `step` skips some, this says which. */
  readonly first?: number
}

/** Before and after, and whether the process lives on. */
export const crashKinds: readonly Pick<CrashPoint, 'moment' | 'survives'>[] = (['before', 'after'] as const).flatMap((moment) =>
  [true, false].map((survives) => ({ moment, survives })),
)

/**
 * Runs `scene` once for every place at which it can crash, until it runs through. `scene` wraps what its process reaches
 * with the crashes it is given, and checks afterwards that all is whole. Answers how many crashes there were.
 *
 * @throws Error naming the crash after which `scene` threw; its cause is what `scene` threw.
 */
export async function crashEverywhere(
  scene: (crashes: Crashes, point: CrashPoint) => Promise<void>,
  { kinds = crashKinds, step = 1, first = 1 }: CrashPlan = {},
): Promise<number> {
  let crashed = 0
  for (const kind of kinds) {
    for (let call = first; ; call += step) {
      const point = { ...kind, call }
      const crashes = createCrashes(point)
      try {
        await scene(crashes, point)
      } catch (cause) {
        throw new Error(`${nameOf(point, crashes)}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
      }
      if (!crashes.hasCrashed) break
      crashed += 1
    }
  }
  return crashed
}

/** What went wrong in a run, in words. */
function nameOf({ call, moment, survives }: CrashPoint, { calls, hasCrashed }: Crashes): string {
  if (!hasCrashed) return 'Without a crash'
  return `A crash ${moment} call ${call}, ${calls[call - 1] ?? ''}, which the process ${survives ? 'outlived' : 'died of'}`
}

type Call = Crashes['call']

function wrapRecords(records: RecordStore, call: Call): RecordStore {
  return {
    label: records.label,
    load: (customer, collections, only) => call('records.load', () => records.load(customer, collections, only)),
    commit: (customer, writes) => call('records.commit', () => records.commit(customer, writes)),
    find: (query) => call('records.find', () => records.find(query)),
    forget: (customer) => call('records.forget', () => records.forget(customer)),
  }
}

function wrapUsage(usage: UsageStore, call: Call): UsageStore {
  return {
    label: usage.label,
    execute: (operations) => call('usage.execute', () => usage.execute(operations)),
    read: (queries) => call('usage.read', () => usage.read(queries)),
    history: (request) => call('usage.history', () => usage.history(request)),
    raiseVersion: (customer, version) => call('usage.raiseVersion', () => usage.raiseVersion(customer, version)),
    sweep: () => call('usage.sweep', () => usage.sweep()),
    forget: (customer) => call('usage.forget', () => usage.forget(customer)),
  }
}

/** Whatever can be asked of payments is a call to the outside. */
function wrapPayments(payments: Payments, call: Call): Payments {
  return new Proxy(payments, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return (...given: readonly unknown[]) => call(`payments.${String(name)}`, () => Reflect.apply(method, target, given))
    },
  })
}

/** What a broken connection looks like to a driver. */
function crash(): FareboxError {
  return new FareboxError('unavailable', 'The process was killed here', { reason: 'injected-fault' })
}
