import { verifyToken } from '@clerk/backend'
import { createVerifier } from 'fast-jwt'
import { importSPKI, jwtVerify } from 'jose'
import { type BearerTokens, type TokenAlgorithm, createBearerTokens, forged, issuer, party } from '../fixtures/bearer-tokens.ts'
import { withoutNode } from '../fixtures/without-node.ts'
import { createTokenCheck } from '../floors/signature-check.ts'
import { awaited } from '../harness/calls.ts'
import { type Maker, type Measurement, isolate } from '../harness/isolated.ts'
import type { Group } from '../harness/variant.ts'

/** Answers whose a token is. */
type Verify = (token: string) => string | Promise<string>

/** A way of verifying tokens. */
interface Way {
  readonly name: string
  readonly make: (issued: BearerTokens) => Verify | Promise<Verify>
  /** Its goal when tokens come one at a time, and when they come 64 at a time. */
  readonly goals?: readonly [number, number]
}

const floor: Way = {
  name: 'node:crypto verify and JSON.parse',
  make({ publicKey, algorithm }) {
    const check = createTokenCheck(publicKey, algorithm)
    return (token) => check(token).sub
  },
}

const jose: Way = {
  name: 'jose jwtVerify, imported key',
  async make({ pem, algorithm }) {
    const key = await importSPKI(pem, algorithm)
    return async (token) => (await jwtVerify(token, key, { issuer, algorithms: [algorithm] })).payload.sub ?? ''
  },
}

const clerk: Way = {
  name: '@clerk/backend verifyToken, jwtKey',
  make: ({ pem }) => async (token) => (await verifyToken(token, { jwtKey: pem, authorizedParties: [party] })).sub,
}

function fastJwt(cache: boolean): Way {
  return {
    name: cache ? 'fast-jwt, cache' : 'fast-jwt, no cache',
    make({ pem, algorithm }) {
      const verify = createVerifier({ key: pem, algorithms: [algorithm], allowedIss: issuer, cache })
      return (token) => String(verify(token).sub)
    },
  }
}

function farebox(name: string, goals: readonly [number, number], cacheSize: number, load = importJose): Way {
  return {
    name,
    goals,
    async make({ pem, algorithm }) {
      const { jwtAuth } = await load()
      const { verifier } = jwtAuth({ issuer, authorizedParties: [party], keys: { publicKey: pem, algorithm }, cacheSize })
      return (token) => {
        const identity = verifier.verify(token)
        return identity instanceof Promise ? identity.then(({ subject }) => subject) : identity.subject
      }
    },
  }
}

/** Not before it is needed: what is loaded knows its platform for good. */
function importJose() {
  return import('@farebox/core/drivers/jose')
}

const cold = farebox('Farebox jwtAuth, cold', [0.95, 1.5], 1)
const warm = farebox('Farebox jwtAuth, warm', [22, 22], 5000)
const coldAtTheEdge = farebox('Farebox jwtAuth, cold', [0.9, 0.9], 1, () => withoutNode(importJose))

/** Each call gets a new string, as from a request's header. */
function makerOf({ name, make, goals }: Way, algorithm: TokenAlgorithm, inFlight: number): Maker {
  return async () => {
    const issued = await createBearerTokens(algorithm)
    const verify = await make(issued)
    await refusesForgery(name, verify, issued.tokens)
    const bytes = issued.tokens.map((token) => Buffer.from(token, 'latin1'))
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
}

async function refusesForgery(name: string, verify: Verify, [token = '']: readonly string[]): Promise<void> {
  const answer = await Promise.resolve(forged(token)).then(verify).catch(() => undefined)
  if (answer !== undefined) throw new Error(`${name} takes a forged token`)
}

function measurementOf(title: string, algorithm: TokenAlgorithm, inFlight: number, first: Way, others: readonly Way[]): Measurement {
  return {
    title: `${algorithm} tokens${title}, ${inFlight === 1 ? 'one' : inFlight} at a time`,
    // The floor answers at once, whoever else waits.
    makers: [makerOf(first, algorithm, 1), ...others.map((way) => makerOf(way, algorithm, inFlight))],
  }
}

/** Verifying a session token, of every user in turn. */
export const measurements: readonly Measurement[] = [
  measurementOf('', 'RS256', 1, floor, [jose, clerk, fastJwt(false), cold, fastJwt(true), warm]),
  measurementOf('', 'RS256', 64, floor, [jose, clerk, cold, warm]),
  measurementOf('', 'ES256', 1, floor, [jose, fastJwt(false), cold, fastJwt(true), warm]),
  measurementOf('', 'ES256', 64, floor, [jose, cold, warm]),
  measurementOf(' where there is only WebCrypto', 'RS256', 1, jose, [coldAtTheEdge]),
]

export async function* tokenGroups(): AsyncGenerator<Group> {
  for (const [place, measurement] of measurements.entries()) yield isolate(import.meta.url, place, measurement)
}
