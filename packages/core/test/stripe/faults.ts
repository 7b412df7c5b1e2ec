import { type ClaimsWriter, FareboxError, type RecordStore, type Store, type UsageStore } from '@farebox/core'

/** Where the ground gives way: at the N-th call to anything outside, either before it happened or after, unanswered. */
export interface FaultPoint {
  readonly call: number
  readonly when: 'before' | 'after'
  /** Whether the process lives on, as after a lost connection, or is dead from then on. */
  readonly survives: boolean
}

/** The outside of one process, in which one call fails. */
export interface FaultyOutside {
  readonly store: Store
  readonly claims: ClaimsWriter
  /** Calls to Stripe go through this. */
  onTheWay(): Promise<void>
  /** What was called, in order. */
  readonly calls: readonly string[]
  readonly hasFailed: () => boolean
}

/** With `point: null` nothing fails, and the calls are counted. */
export function faultyOutside(store: Store, claims: ClaimsWriter, point: FaultPoint | null): FaultyOutside {
  const calls: string[] = []
  let hasFailed = false
  let isDead = false

  async function guard<Answer>(name: string, call: () => Answer | Promise<Answer>): Promise<Answer> {
    if (isDead) throw crash()
    calls.push(name)
    const isPoint = point !== null && calls.length === point.call
    if (isPoint && point.when === 'before') fail()
    const answer = await call()
    if (isPoint) fail()
    return answer
  }

  function fail(): never {
    hasFailed = true
    isDead = point?.survives !== true
    throw crash()
  }

  const records: RecordStore = {
    label: store.records.label,
    load: (customer, collections, only) => guard('records.load', () => store.records.load(customer, collections, only)),
    commit: (customer, writes) => guard('records.commit', () => store.records.commit(customer, writes)),
    find: (query) => guard('records.find', () => store.records.find(query)),
    forget: (customer) => guard('records.forget', () => store.records.forget(customer)),
  }
  const usage: UsageStore = {
    label: store.usage.label,
    execute: (operations) => guard('usage.execute', () => store.usage.execute(operations)),
    read: (queries) => guard('usage.read', () => store.usage.read(queries)),
    history: (request) => guard('usage.history', () => store.usage.history(request)),
    raiseVersion: (customer, version) => guard('usage.raiseVersion', () => store.usage.raiseVersion(customer, version)),
    sweep: () => guard('usage.sweep', () => store.usage.sweep()),
    forget: (customer) => guard('usage.forget', () => store.usage.forget(customer)),
  }
  return {
    store: { records, usage },
    claims: { write: (customer, written) => guard('claims.write', () => claims.write(customer, written)) },
    onTheWay: () => guard('stripe', () => undefined),
    calls,
    hasFailed: () => hasFailed,
  }
}

/** What a broken connection looks like to a driver. */
function crash(): FareboxError {
  return new FareboxError('unavailable', 'The process was killed here')
}

