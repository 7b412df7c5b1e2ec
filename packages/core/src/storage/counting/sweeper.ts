import type { Instant } from '../../domain/instant.ts'
import type { UsageSweep } from '../../ports/usage-store.ts'
import type { CustomerUsage } from './customer-usage.ts'
import type { FeatureUsage } from './feature-usage.ts'
import { dropIdle, ledgerOf } from './ledger.ts'
import { endExpired } from './reservation.ts'
import type { UsageState } from './usage-state.ts'

/** Drops what has expired, a bounded number of entries at a time, round and round. */
export interface Sweeper {
  sweep(now: Instant, steps: number): UsageSweep
}

interface Tally {
  reservations: number
  keys: number
  counters: number
  markers: number
}

/**
 * Called for two entries on each entry that is created, it keeps what has expired below what is alive: no timer is
 * needed for memory to stay bounded.
 */
export function createSweeper(state: UsageState): Sweeper {
  let now: Instant = 0
  let tally: Tally = { reservations: 0, keys: 0, counters: 0, markers: 0 }
  let round = visitAll()

  /** Yields after each entry it has looked at. */
  function* visitAll(): Generator<undefined, undefined> {
    for (const [id, customer] of state.customers) {
      if (!customer.isPlain) yield* visitFeatures(customer)
      tally.counters += dropIdle(customer, now)
      dropMarker(id, customer)
      yield
    }
  }

  function* visitFeatures(customer: CustomerUsage): Generator<undefined, undefined> {
    for (const [name, feature] of ledgerOf(customer).entries()) {
      yield* visitFeature(customer, feature)
      if (isIdle(feature)) ledgerOf(customer).delete(name)
    }
  }

  function* visitFeature(customer: CustomerUsage, feature: FeatureUsage): Generator<undefined, undefined> {
    if (feature.expiry <= now) tally.reservations += endExpired(customer, feature, now)
    for (const [id, ended] of feature.ended ?? []) {
      if (ended.until <= now) feature.ended?.delete(id)
      yield
    }
    for (const [id, counter] of feature.counters.entries()) {
      if (counter.keepUntil <= now && counter.reserved === 0) {
        feature.counters.delete(id)
        tally.counters += 1
      }
      yield
    }
    for (const [id, gate] of feature.gates?.entries() ?? []) {
      if (gate.state <= now * 1000) feature.gates?.delete(id)
      yield
    }
  }

  function dropMarker(id: string, customer: CustomerUsage): void {
    if (customer.markerUntil > now) return
    if (customer.markerUntil !== Number.NEGATIVE_INFINITY) {
      customer.markerUntil = Number.NEGATIVE_INFINITY
      tally.markers += 1
    }
    // A customer that was forgotten and came back meanwhile is another one.
    if (isEmpty(customer) && state.customers.get(id) === customer) state.customers.delete(id)
  }

  return {
    sweep(instant, steps) {
      now = instant
      tally = { reservations: 0, keys: state.expiringKeys?.drop(instant, steps) ?? 0, counters: 0, markers: 0 }
      for (let step = 0; step < steps; step += 1) {
        if (round.next().done === true) {
          round = visitAll()
          break
        }
      }
      return tally
    },
  }
}

function isEmpty({ plain, keys, ledger }: CustomerUsage): boolean {
  return plain === null && (keys?.size ?? 0) === 0 && (ledger === undefined || ledger.isEmpty())
}

function isIdle(feature: FeatureUsage): boolean {
  if (feature.held?.size === 0) feature.held = undefined
  if (feature.ended?.size === 0) feature.ended = undefined
  const isCounting = !feature.counters.isEmpty() || !(feature.gates?.isEmpty() ?? true)
  return !isCounting && feature.held === undefined && feature.ended === undefined
}
