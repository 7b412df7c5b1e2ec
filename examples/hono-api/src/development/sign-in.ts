import type { Auth, PlanClaims } from '@farebox/core'
import { jwtAuth } from '@farebox/core/drivers/jose'
import { SignJWT, exportSPKI, generateKeyPair } from 'jose'

/** A sign-in that needs no account: whoever asks is whoever they say. For development alone. */
export interface SignIn {
  readonly auth: Auth
  /** A token for an hour that carries plan claims, as a session token of a sign-in service does. */
  tokenFor(userId: string, planClaims: PlanClaims): Promise<string>
}

const audience = 'hono-api'

/** Makes a key that lives as long as the process. */
export async function createSignIn(appUrl: string): Promise<SignIn> {
  const issuer = `${appUrl}/dev`
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const auth = jwtAuth({ issuer, audience, algorithms: ['ES256'], keys: { publicKey: await exportSPKI(publicKey), algorithm: 'ES256' } })
  return {
    auth,
    tokenFor(userId, planClaims) {
      return new SignJWT({ farebox: planClaims })
        .setProtectedHeader({ alg: 'ES256' })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey)
    },
  }
}
