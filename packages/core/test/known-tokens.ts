import { type Identity, FareboxError } from '@farebox/core'

/** An identity as a verified token would give it. */
export function identityOf(subject: string, more: Partial<Identity> = {}): Identity {
  return {
    subject,
    organization: null,
    email: `${subject}@example.com`,
    planClaims: null,
    actor: null,
    expiresAt: Date.UTC(2100, 0, 1),
    claims: { sub: subject },
    ...more,
  }
}

/** A sign-in that knows these tokens and refuses every other. Counts how often it was asked. */
export function knownTokens(tokens: Readonly<Record<string, Identity>>) {
  let asked = 0
  return {
    verifier: {
      verify(token: string): Identity {
        asked += 1
        const identity = Object.hasOwn(tokens, token) ? tokens[token] : undefined
        if (identity !== undefined) return identity
        throw new FareboxError('unauthenticated', 'The token is not valid', { reason: 'signature-invalid' })
      },
    },
    claims: null,
    webhooks: null,
    asked: () => asked,
  }
}
