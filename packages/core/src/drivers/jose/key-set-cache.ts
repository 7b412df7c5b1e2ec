import { type Instant, type Milliseconds, hour, minute, second } from '../../domain/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import { mayShare } from '../../ports/may-share.ts'
import type { Algorithm } from './algorithm.ts'
import type { Cryptography } from './cryptography.ts'
import { type Fetch, fetchKeySet, unavailable } from './fetch-key-set.ts'
import { type FoundKey, type KeySource, createKeyRing, ringKeyOf } from './key-ring.ts'

/** Where a key set is published and how it is read. */
export interface RemoteKeySet {
  readonly url: string
  readonly algorithms: readonly Algorithm[]
  readonly fetch: Fetch
  readonly clock: Clock
  readonly timeout: Milliseconds
}

const freshFor: Milliseconds = 10 * minute
const staleFor: Milliseconds = hour
const cooldown: Milliseconds = 30 * second
const never: Instant = Number.NEGATIVE_INFINITY

/**
 * The keys published at a URL. Read at most every 10 minutes, and once more for a `kid` that is not among them; when
 * that kid was not there either, or when reading failed, nothing is read for 30 seconds. Callers share one request,
 * except on Workers, where each makes its own until one has come back.
 * While reading fails, keys read within the last hour serve on.
 */
export function createKeySetCache(remote: RemoteKeySet, cryptography: Cryptography): KeySource {
  let ring: KeySource | undefined
  let readAt = never
  let missedAt = never
  let failedAt = never
  let flight: { readonly answer: Promise<boolean>; readonly begunAt: Instant } | undefined

  /** How long ago, or how far ahead: a clock that was set back must keep nobody waiting until it is as late again. */
  function since(instant: Instant): Milliseconds {
    return Math.abs(remote.clock.now() - instant)
  }

  async function read(): Promise<boolean> {
    try {
      const { keys } = await fetchKeySet(remote.url, remote.fetch, remote.timeout)
      const usable = keys.flatMap((jwk) => ringKeyOf(jwk, remote.algorithms) ?? [])
      ring = createKeyRing(usable, cryptography)
      readAt = remote.clock.now()
      return true
    } catch {
      failedAt = remote.clock.now()
      return false
    }
  }

  /** A request that its runtime dropped never answers; it must not hold up those that come later. */
  function share(): Promise<boolean> {
    if (!mayShare) return read()
    if (flight !== undefined && since(flight.begunAt) <= 2 * remote.timeout) return flight.answer
    const answer: Promise<boolean> = read().finally(() => {
      if (flight?.answer === answer) flight = undefined
    })
    flight = { answer, begunAt: remote.clock.now() }
    return answer
  }

  function findStale(kid: string | undefined, algorithm: Algorithm): FoundKey | Promise<FoundKey | undefined> {
    const found = since(readAt) < staleFor ? ring?.find(kid, algorithm) : undefined
    if (found === undefined) throw unavailable()
    return found
  }

  return {
    find(kid, algorithm) {
      if (since(readAt) < freshFor) {
        const found = ring?.find(kid, algorithm)
        if (found !== undefined || since(missedAt) < cooldown) return found
      }
      if (since(failedAt) < cooldown) return findStale(kid, algorithm)
      return share().then((isRead) => {
        if (!isRead) return findStale(kid, algorithm)
        const found = ring?.find(kid, algorithm)
        if (found === undefined) missedAt = remote.clock.now()
        return found
      })
    },
  }
}
