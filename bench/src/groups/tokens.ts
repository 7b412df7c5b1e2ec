import { verifyToken } from '@clerk/backend'
import { jwtAuth } from '@farebox/core/drivers/jose'
import { createVerifier } from 'fast-jwt'
import { importSPKI, jwtVerify } from 'jose'
import { type BearerTokens, type TokenAlgorithm, createBearerTokens, forged, issuer, party } from '../fixtures/bearer-tokens.ts'
import { createTokenCheck } from '../floors/signature-check.ts'
import { awaited } from '../harness/calls.ts'
import type { Group, Variant } from '../harness/variant.ts'
import { edgeGroups } from './edge.ts'

/** Something that verifies tokens and answers whose they are. */
interface Verifier {
  readonly name: string
  readonly verify: (token: string) => string | Promise<string>
  /** Its goal when tokens come one at a time, and when they come 64 at a time. */
  readonly goals?: readonly [number, number]
}

/** Verifying a session token, of every user in turn. Each call gets a new string, as from a request's header. */
export async function* tokenGroups(): AsyncGenerator<Group> {
  yield* await groupsOf('RS256')
  yield* await groupsOf('ES256')
  yield* edgeGroups('tokens')
}

async function groupsOf(algorithm: TokenAlgorithm): Promise<readonly Group[]> {
  const issued = await createBearerTokens(algorithm)
  const verifiers = await verifiersOf(issued)
  for (const verifier of Object.values(verifiers)) await refusesForgery(verifier, issued.tokens)
  const { floor, jose, clerk, fastJwt, fastJwtCached, cold, warm } = verifiers
  const ofClerk = algorithm === 'RS256' ? [clerk] : []
  const bytes = issued.tokens.map((token) => Buffer.from(token, 'latin1'))
  const variants = (chosen: readonly Verifier[], inFlight: number): Group['variants'] => [
    variantOf(floor, bytes, 1),
    ...chosen.map((verifier) => variantOf(verifier, bytes, inFlight)),
  ]
  return [
    { title: `${algorithm} tokens, one at a time`, variants: variants([jose, ...ofClerk, fastJwt, cold, fastJwtCached, warm], 1) },
    { title: `${algorithm} tokens, 64 at a time`, variants: variants([jose, ...ofClerk, cold, warm], 64) },
  ]
}

async function verifiersOf({ algorithm, pem, publicKey }: BearerTokens) {
  const algorithms = [algorithm]
  const checkToken = createTokenCheck(publicKey, algorithm)
  const key = await importSPKI(pem, algorithm)
  const fastJwt = createVerifier({ key: pem, algorithms, allowedIss: issuer, cache: false })
  const fastJwtCached = createVerifier({ key: pem, algorithms, allowedIss: issuer, cache: true })
  const options = { issuer, authorizedParties: [party], keys: { publicKey: pem, algorithm } }
  const cold = jwtAuth({ ...options, cacheSize: 1 }).verifier
  const warm = jwtAuth(options).verifier
  return {
    floor: { name: 'node:crypto verify and JSON.parse', verify: (token) => checkToken(token).sub },
    jose: {
      name: 'jose jwtVerify, imported key',
      verify: async (token) => (await jwtVerify(token, key, { issuer, algorithms })).payload.sub ?? '',
    },
    clerk: {
      name: '@clerk/backend verifyToken, jwtKey',
      verify: async (token) => (await verifyToken(token, { jwtKey: pem, authorizedParties: [party] })).sub,
    },
    fastJwt: { name: 'fast-jwt, no cache', verify: (token) => String(fastJwt(token).sub) },
    fastJwtCached: { name: 'fast-jwt, cache', verify: (token) => String(fastJwtCached(token).sub) },
    cold: { name: 'Farebox jwtAuth, cold', verify: (token) => subjectOf(cold.verify(token)), goals: [0.95, 1.5] },
    warm: { name: 'Farebox jwtAuth, warm', verify: (token) => subjectOf(warm.verify(token)), goals: [22, 22] },
  } satisfies Record<string, Verifier>
}

function subjectOf(identity: Subject | Promise<Subject>): string | Promise<string> {
  return identity instanceof Promise ? identity.then(({ subject }) => subject) : identity.subject
}

interface Subject {
  readonly subject: string
}

function variantOf({ name, verify, goals }: Verifier, bytes: readonly Buffer[], inFlight: number): Variant {
  const goal = goals?.[inFlight === 1 ? 0 : 1]
  return awaited(
    {
      name,
      ...(goal === undefined ? {} : { goal }),
      call: (count) => verify(bytes[count % bytes.length]?.toString('latin1') ?? ''),
      isRight: (subject) => /^user_\d+$/.test(subject),
    },
    inFlight,
  )
}

async function refusesForgery({ name, verify }: Verifier, [token = '']: readonly string[]): Promise<void> {
  const answer = await Promise.resolve(forged(token)).then(verify).catch(() => undefined)
  if (answer !== undefined) throw new Error(`${name} takes a forged token`)
}
