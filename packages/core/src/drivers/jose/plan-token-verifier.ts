import { second } from '../../domain/instant.ts'
import type { Fault } from '../../errors/error.ts'
import type { PlanTokenVerifier } from '../../ports/auth.ts'
import { systemClock } from '../../ports/clock.ts'
import { createJwtVerifier } from './jwt-verifier.ts'
import { type KeySetLocation, type KeySetOptions, parseKeySetLocation } from './key-set-options.ts'
import { planTokenAlgorithms, planTokenType, readPlanToken } from './plan-token.ts'
import { createPortableCryptography } from './portable-cryptography.ts'
import { rejectFaults, requireOptions } from './verifier-options.ts'

/** Whose plan tokens are accepted. */
export interface PlanTokenVerifierOptions extends KeySetOptions {
  /** The tokens' `iss`, exactly. */
  readonly issuer: string
  /** The tokens' `aud`, exactly. */
  readonly audience: string
  /** What `GET /.well-known/jwks.json` of the app answers, or where. */
  readonly keys: KeySetLocation
}

/** A verifier that can stop trusting a key at once. */
export interface ForgettingPlanTokenVerifier extends PlanTokenVerifier {
  /** From now on no token that this key signed is accepted, nor any that was accepted before. */
  forget(kid: string): void
}

/**
 * Accepts plan tokens of one app and no other kind of token, wherever WebCrypto is. Clocks may differ by 5 seconds.
 *
 * @throws FareboxError `invalid-configuration` with every fault of the options.
 */
export function createPlanTokenVerifier(options: PlanTokenVerifierOptions): ForgettingPlanTokenVerifier {
  requireOptions('createPlanTokenVerifier', options)
  const { issuer, audience, clock = systemClock } = options
  const faults: Fault[] = []
  for (const [path, value] of Object.entries({ issuer, audience })) {
    if (typeof value !== 'string' || value === '') faults.push({ path, message: 'Give what planTokens was given' })
  }
  const cryptography = createPortableCryptography(() => Promise.reject(new TypeError('A published key is a JWK')))
  const keys = parseKeySetLocation({ ...options.keys }, options, planTokenAlgorithms, cryptography, faults)
  rejectFaults('createPlanTokenVerifier', faults)
  return createJwtVerifier({
    rules: { issuer, audience: [audience], authorizedParties: null, type: planTokenType, clockTolerance: 5 * second },
    algorithms: planTokenAlgorithms,
    keys,
    cryptography,
    clock,
    cacheSize: 1000,
    read: readPlanToken,
  })
}
