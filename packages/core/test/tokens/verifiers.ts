import type { Fault, TokenVerifier } from '@farebox/core'
import { type JwtAuthOptions } from '@farebox/core/drivers/jose'
import type { Cryptography } from '../../src/drivers/jose/cryptography.ts'
import { createJwtVerifier } from '../../src/drivers/jose/jwt-verifier.ts'
import { parseJwtKeys } from '../../src/drivers/jose/jwt-keys.ts'
import { findNodeCryptography } from '../../src/drivers/jose/node-cryptography.ts'
import { webCryptography } from '../../src/drivers/jose/platform-cryptography.ts'
import { parseVerifierOptions, rejectFaults } from '../../src/drivers/jose/verifier-options.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { audience, issuer, keys, pemOf } from './craft.ts'

const node = findNodeCryptography()
if (node === undefined) throw new Error('These tests run on Node, where node:crypto must be found')

/** Both ways in which signatures are checked; they must never disagree. */
export const cryptographies: readonly (readonly [string, Cryptography])[] = [['node:crypto', node], ['WebCrypto', webCryptography]]

/** A verifier of RS256 by PEM unless the options say otherwise, on one of the {@link cryptographies}. */
export function verifierOn(cryptography: Cryptography, options: Partial<JwtAuthOptions> = {}): TokenVerifier {
  const faults: Fault[] = []
  const complete = {
    issuer,
    audience,
    clock: manualClock(),
    keys: { publicKey: pemOf(keys.RSA.publicKey), algorithm: 'RS256' as const },
    ...options,
  }
  const parts = { ...parseVerifierOptions(complete, faults), ...parseJwtKeys(complete, cryptography, faults) }
  rejectFaults('verifierOn', faults)
  return createJwtVerifier({
    ...parts,
    read: ({ subject, expiresAt, claims }) => ({
      subject, expiresAt, claims, organization: null, email: null, planClaims: null, actor: null,
    }),
  })
}
