import type { Clock } from '../../ports/clock.ts'
import { isPromise } from '../../ports/is-promise.ts'
import { mayShare } from '../../ports/may-share.ts'
import type { Algorithm } from './algorithm.ts'
import { type CompactToken, type TokenHeader, cutToken, longestToken, parseJsonObject, readHeader } from './compact-token.ts'
import type { Cryptography } from './cryptography.ts'
import { type FoundKey, type KeySource, unusable } from './key-ring.ts'
import { refuse } from './refusal.ts'
import { type ClaimRules, type VerifiedToken, checkClaims } from './registered-claims.ts'
import { createVerifiedTokenCache, tailOf } from './verified-token-cache.ts'

/** What a verifier is made of. */
export interface JwtVerifierParts<Value> {
  readonly rules: ClaimRules
  readonly algorithms: readonly Algorithm[]
  readonly keys: KeySource
  readonly cryptography: Cryptography
  readonly clock: Clock
  /** How many verified tokens are remembered, in each of two generations. */
  readonly cacheSize: number
  /** What a verified token says. Throws where its claims are not what they should be. */
  readonly read: (token: VerifiedToken) => Value
}

/** Verifies tokens of one issuer. */
export interface JwtVerifier<Value> {
  /** @throws FareboxError `unauthenticated` with a reason, `unavailable` when keys cannot be fetched. */
  verify(token: string): Value | Promise<Value>
  /** From now on no token signed with this key is accepted, nor any that was accepted before. */
  forget(kid: string): void
}

/** A verification under way. */
interface Flight<Value> {
  readonly text: string
  readonly answer: Promise<Value>
}

const mostHeaders = 100

/**
 * Accepts a token only if its form is canonical, its algorithm is one it was pinned to, its signature was made with a
 * key of the issuer, and its claims hold (RFC 8725). A token that was verified before is answered without a promise
 * until it ends; a token is not verified twice at once, except on Workers, and beside a forgery with its end.
 */
export function createJwtVerifier<Value>(parts: JwtVerifierParts<Value>): JwtVerifier<Value> {
  const { rules, keys, cryptography, clock } = parts
  const cache = createVerifiedTokenCache<Value>(parts.cacheSize)
  const flights = new Map<string, Flight<Value>>()
  const forgotten = new Set<string>()
  const headers = new Map<string, { readonly header: TokenHeader; readonly algorithm: Algorithm }>()

  function headerOf(text: string): { readonly header: TokenHeader; readonly algorithm: Algorithm } {
    const known = headers.get(text)
    if (known !== undefined) return known
    const header = readHeader(cryptography.decode(text))
    const algorithm = parts.algorithms.find((name) => name === header.alg)
    if (algorithm === undefined) throw refuse('algorithm-not-allowed')
    if (headers.size >= mostHeaders) headers.clear()
    headers.set(text, { header, algorithm })
    return { header, algorithm }
  }

  function accept(token: CompactToken, header: TokenHeader, key: FoundKey): Value {
    const kid = header.kid ?? key.kid ?? undefined
    if (isForgotten(header, key)) throw refuse('key-unknown')
    const verified = checkClaims(header, parseJsonObject(token.payload), rules, clock.now())
    const value = frozen(parts.read(verified))
    cache.put({ text: token.text, value, kid, until: verified.expiresAt + rules.clockTolerance })
    return value
  }

  function isForgotten(header: TokenHeader, key: FoundKey): boolean {
    return forgotten.has(header.kid ?? '') || forgotten.has(key.kid ?? '')
  }

  function conclude(token: CompactToken, header: TokenHeader, key: FoundKey, isGenuine: boolean): Value {
    if (!isGenuine) throw refuse('signature-invalid')
    return accept(token, header, key)
  }

  function checkSignature(token: CompactToken, header: TokenHeader, key: FoundKey | undefined): Value | Promise<Value> {
    if (key === undefined || isForgotten(header, key)) throw refuse('key-unknown')
    const isGenuine = answerOf(key, token)
    if (typeof isGenuine === 'boolean') return conclude(token, header, key, isGenuine)
    // In a sandbox WebCrypto answers with a promise of its host, which is no instance of the sandbox's own.
    return Promise.resolve(isGenuine).then((genuine) => conclude(token, header, key, genuine), unusable)
  }

  function verifyAnew(text: string): Value | Promise<Value> {
    const token = cutToken(text, cryptography.decode)
    const { header, algorithm } = headerOf(token.header)
    if (forgotten.has(header.kid ?? '')) throw refuse('key-unknown')
    const key = keys.find(header.kid, algorithm)
    return isPromise(key)
      ? key.then((found) => checkSignature(token, header, found))
      : checkSignature(token, header, key)
  }

  function share(text: string, verified: Promise<Value>): Promise<Value> {
    const tail = tailOf(text)
    const answer = verified.then(
      (value) => {
        flights.delete(tail)
        return value
      },
      (error: unknown) => {
        flights.delete(tail)
        throw error
      },
    )
    flights.set(tail, { text, answer })
    return answer
  }

  return {
    verify(text) {
      if (typeof text !== 'string' || text.length === 0) throw refuse('token-missing')
      if (text.length > longestToken) throw refuse('token-malformed')
      const known = cache.find(text, clock.now())
      if (known !== undefined) return known.value
      const waiting = flights.size === 0 ? undefined : flights.get(tailOf(text))
      if (waiting?.text === text) return waiting.answer
      const answer = verifyAnew(text)
      return mayShare && waiting === undefined && isPromise(answer) ? share(text, answer) : answer
    },
    forget(kid) {
      if (kid === '') return
      forgotten.add(kid)
      cache.forget(kid)
    },
  }
}

/** @throws FareboxError `unavailable` where the platform cannot use the key. */
function answerOf({ check }: FoundKey, token: CompactToken): boolean | Promise<boolean> {
  try {
    return check(token)
  } catch {
    return unusable()
  }
}

/** What is remembered is shared by all who present the token. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value
  for (const part of Object.values(value)) if (typeof part === 'object') frozen(part)
  return Object.freeze(value)
}
