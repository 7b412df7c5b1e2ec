import { type JwtAuth, jwtAuth } from '@farebox/core/drivers/jose'
import { SignJWT } from 'jose'

const issuer = 'https://issuer.example.com'
const audience = 'https://app.example.com'
const secret = new TextEncoder().encode('a secret that only these tests know')

/** A sign-in service that these tests hold the key of. */
export function testAuth(): JwtAuth {
  return jwtAuth({ issuer, audience, keys: { secret } })
}

/** A token of a signed-in person. */
export function tokenOf(subject: string, claims: Readonly<Record<string, unknown>> = {}): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(secret)
}
