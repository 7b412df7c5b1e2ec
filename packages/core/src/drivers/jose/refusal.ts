import { FareboxError } from '../../errors/error.ts'

/** Why a token was not accepted: stable, for logs and tests. A client learns only that it is unauthenticated. */
export type TokenRefusal =
  | 'token-missing'
  | 'token-malformed'
  | 'token-expired'
  | 'token-not-yet-valid'
  | 'algorithm-not-allowed'
  | 'extension-not-allowed'
  | 'type-mismatch'
  | 'key-unknown'
  | 'signature-invalid'
  | 'issuer-mismatch'
  | 'audience-mismatch'
  | 'party-mismatch'
  | 'claim-missing'
  | 'claim-invalid'
  | 'session-pending'

/** One message for every refusal, so that neither the token nor what is wrong with it gets out. */
export function refuse(reason: TokenRefusal): FareboxError {
  return new FareboxError('unauthenticated', 'The token was not accepted', { reason })
}
