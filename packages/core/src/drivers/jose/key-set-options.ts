import type { Milliseconds } from '../../domain/instant.ts'
import type { Fault } from '../../errors/error.ts'
import type { PublicKeySet } from '../../ports/auth.ts'
import { type Clock, systemClock } from '../../ports/clock.ts'
import type { Algorithm } from './algorithm.ts'
import { isObject } from './compact-token.ts'
import type { Cryptography } from './cryptography.ts'
import type { Fetch } from './fetch-key-set.ts'
import { type KeySource, createKeyRing, ringKeyOf } from './key-ring.ts'
import { createKeySetCache } from './key-set-cache.ts'

/**
 * Keys that an issuer publishes: at a URL, or given here. A URL is https; plain http is taken for a loopback host, if
 * `allowInsecure` says so.
 */
export type KeySetLocation =
  | { readonly jwksUrl: string; readonly allowInsecure?: boolean }
  | { readonly jwks: PublicKeySet }

/** How a published key set is read. */
export interface KeySetOptions {
  readonly clock?: Clock
  readonly fetch?: Fetch
  /** How long one reading may take, in milliseconds; 3,000 unless said otherwise. */
  readonly fetchTimeout?: Milliseconds
}

/** Where keys come from. With faults, it must not be used. */
export function parseKeySetLocation(
  given: Readonly<Record<string, unknown>>,
  options: KeySetOptions,
  algorithms: readonly Algorithm[],
  cryptography: Cryptography,
  faults: Fault[],
): KeySource {
  const { jwks, jwksUrl } = given
  if ((jwks === undefined) === (jwksUrl === undefined)) {
    faults.push({ path: 'keys', message: 'Say where the keys are, in one way' })
  } else if (jwksUrl !== undefined) {
    const url = typeof jwksUrl === 'string' && URL.canParse(jwksUrl) ? new URL(jwksUrl) : undefined
    if (url !== undefined && isSafe(url, given['allowInsecure'] === true)) {
      const { clock = systemClock, fetchTimeout: timeout = 3000 } = options
      const fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init))
      return createKeySetCache({ url: url.href, algorithms, fetch, clock, timeout }, cryptography)
    }
    faults.push({ path: 'keys.jwksUrl', message: 'Give an https URL; http serves loopback hosts only, with allowInsecure' })
  }
  return createKeyRing(jwks === undefined ? [] : parseKeySet(jwks, algorithms, faults), cryptography)
}

/** Whether a JWK holds more than a public key. */
export function isPrivate(key: Readonly<Record<string, unknown>>): boolean {
  return 'd' in key || 'k' in key
}

function parseKeySet(set: unknown, algorithms: readonly Algorithm[], faults: Fault[]): Parameters<typeof createKeyRing>[0] {
  const listed: unknown = isObject(set) ? set['keys'] : undefined
  const keys: readonly unknown[] = Array.isArray(listed) ? listed : []
  const usable = keys.flatMap((key) => (isObject(key) && !isPrivate(key) ? (ringKeyOf(key, algorithms) ?? []) : []))
  if (usable.length === 0 || usable.length < keys.length) {
    faults.push({ path: 'keys.jwks', message: 'Give public keys for the algorithms, and nothing else' })
  }
  return usable
}

function isSafe({ protocol, hostname }: URL, allowInsecure: boolean): boolean {
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
  return protocol === 'https:' || (protocol === 'http:' && isLoopback && allowInsecure)
}
