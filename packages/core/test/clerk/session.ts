import { generateKeyPairSync } from 'node:crypto'
import { clerkAuth } from '@farebox/core/drivers/clerk'
import { craft, pemOf } from '../tokens/craft.ts'

export const instance = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const jwtKey: string = pemOf(instance.publicKey)
export const clerkIssuer = 'https://clerk.example.com'
export const party = 'https://app.example.com'
const sessionCategory = 'cl_B7d4PD111AAA'
export const templateCategory = 'cl_B7d4PD222AAA'
export const machineCategory = 'cl_B7d4PD333AAA'

/** Claims of a session token, version 2 of Clerk's claims, at the host's time: Clerk's own checks know no other clock. */
export function sessionClaims(more: Record<string, unknown> = {}): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000)
  return {
    v: 2, sid: 'sess_2g7np7Hrk0SN6kj5EDMLDaKNL0S', sub: 'user_2g7np7Hrk0SN6kj5EDMLDaKNL0S', iss: clerkIssuer, azp: party,
    iat: now, nbf: now - 10, exp: now + 60, fva: [0, -1], sts: 'active', jti: '0123456789abcdef', ...more,
  }
}

/** The same in version 1. */
export function firstSessionClaims(more: Record<string, unknown> = {}): Record<string, unknown> {
  return sessionClaims({ v: undefined, sts: undefined, fva: undefined, ...more })
}

export function sessionToken(claims: Record<string, unknown> = sessionClaims(), header: Record<string, unknown> = {}): string {
  return craft({ header: { kid: 'ins_1', cat: sessionCategory, ...header }, claims, key: instance.privateKey })
}

export function clerk(more: Partial<Parameters<typeof clerkAuth>[0]> = {}) {
  return clerkAuth({ issuer: clerkIssuer, authorizedParties: [party], jwtKey, ...more })
}
