import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { minute, second } from '../../src/domain/instant.ts'
import { jwtAuth } from '@farebox/core/drivers/jose'
import { createPlanTokenVerifier } from '@farebox/core/token'
import { describe, expect, onTestFinished, test } from 'vitest'
import { manualClock } from '../../src/testing/manual-clock.ts'
import { audience, craft, goodClaims, isFull, issuer, jwkOf, keys, startSecond, verdict } from './craft.ts'

const path = '/.well-known/jwks.json'
const kids = isFull ? 100_000 : 20_000

interface KeyServer {
  readonly url: string
  /** The kids that are published, or the status and body that is answered instead. */
  answer: readonly string[] | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string } | 'nothing'
  requests: number
}

/** A plan token of the key `a`. */
function planToken(jti: string): string {
  return craft({
    header: { kid: 'a', typ: 'farebox-plan+jwt' },
    claims: goodClaims({ jti, customer: 'user_1', farebox: { plan: 'pro', ev: 1, anchor: startSecond, until: null, g: false } }),
  })
}

function setOf(names: readonly string[]): string {
  return JSON.stringify({ keys: names.map((kid) => ({ ...jwkOf(keys.RSA.publicKey), kid, alg: 'RS256', use: 'sig' })) })
}

async function serveKeys(...published: readonly string[]): Promise<KeyServer> {
  const server: Server = createServer((request, response) => {
    keyServer.requests += 1
    const { answer } = keyServer
    if (answer === 'nothing') return
    if (request.url !== path) response.writeHead(404).end()
    else if ('status' in answer) response.writeHead(answer.status, answer.headers).end(answer.body)
    else response.writeHead(200, { 'content-type': 'application/json' }).end(setOf(answer))
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void (server.closeAllConnections(), server.close()))
  const keyServer: KeyServer = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, answer: published, requests: 0 }
  return keyServer
}

function setUp(server: KeyServer, more: Partial<Parameters<typeof jwtAuth>[0]> = {}) {
  const clock = manualClock()
  const auth = jwtAuth({
    issuer, audience, clock, keys: { jwksUrl: server.url, allowInsecure: true }, algorithms: ['RS256'], fetchTimeout: 30_000, ...more,
  })
  let count = 0
  /** A token never seen before, so that no cache of tokens answers. */
  const token = (kid: string): string => {
    count += 1
    return craft({ header: { kid }, claims: goodClaims({ exp: startSecond + 7200, count }) })
  }
  return { clock, token, auth, judge: (kid: string) => verdict(auth.verifier, token(kid)) }
}

describe('keys at a URL', () => {
  test('are read once, when first needed, however many ask at once', async () => {
    const server = await serveKeys('a')
    const { auth, token } = setUp(server)
    expect(server.requests).toBe(0)

    const tokens = Array.from({ length: 1000 }, () => token('a'))
    const verdicts = await Promise.all(tokens.map((text) => verdict(auth.verifier, text)))
    expect(new Set(verdicts)).toEqual(new Set(['accepted']))
    expect(server.requests).toBe(1)
  })

  test('are read again after ten minutes', async () => {
    const server = await serveKeys('a')
    const { clock, judge } = setUp(server)
    expect(await judge('a')).toBe('accepted')
    clock.advance(10 * minute - 1)
    expect(await judge('a')).toBe('accepted')
    expect(server.requests).toBe(1)
    clock.advance(1)
    server.answer = ['b']
    expect(await judge('a')).toBe('key-unknown')
    expect(await judge('b')).toBe('accepted')
    expect(server.requests).toBe(2)
  })

  test('a rotation refuses no valid token', async () => {
    const server = await serveKeys('a')
    const { clock, judge } = setUp(server)
    expect(await judge('a')).toBe('accepted')
    clock.advance(second)
    server.answer = ['a', 'b']
    expect(await Promise.all(Array.from({ length: 100 }, (_, index) => judge(index % 2 === 0 ? 'a' : 'b')))).toEqual(
      Array.from({ length: 100 }, () => 'accepted'),
    )
    expect(server.requests).toBe(2)
  })

  test(`${kids} unknown key ids within a minute cause two requests, and valid tokens pass meanwhile`, async () => {
    const server = await serveKeys('a')
    const { clock, auth, judge, token } = setUp(server)
    const text = token('a')
    const [, payload, signature] = text.split('.')
    const forged = (kid: string): string =>
      `${Buffer.from(JSON.stringify({ alg: 'RS256', kid })).toString('base64url')}.${payload}.${signature}`
    const rounds = 59
    let refused = 0
    for (let round = 0; round < rounds; round += 1) {
      const tokens = Array.from({ length: Math.ceil(kids / rounds) }, (_, index) => forged(`random-${round}-${index}`))
      const verdicts = await Promise.all(tokens.map((forgery) => verdict(auth.verifier, forgery)))
      expect(new Set(verdicts)).toEqual(new Set(['key-unknown']))
      refused += verdicts.length
      expect(await judge('a')).toBe('accepted')
      clock.advance(second)
    }
    process.stdout.write(`unknown key ids: ${refused}, requests: ${server.requests}\n`)
    expect(refused).toBeGreaterThanOrEqual(kids)
    expect(server.requests).toBeLessThanOrEqual(2)
  }, 600_000)

  test('a failing server is asked once in 30 seconds, by a thousand at once too', async () => {
    const server = await serveKeys()
    server.answer = { status: 500 }
    const { auth, clock, token } = setUp(server)
    const tokens = Array.from({ length: 1000 }, () => token('a'))
    const all = () => Promise.all(tokens.map((text) => verdict(auth.verifier, text)))
    expect(new Set(await all())).toEqual(new Set(['unavailable keys-unavailable']))
    expect(new Set(await all())).toEqual(new Set(['unavailable keys-unavailable']))
    expect(server.requests).toBe(1)

    clock.advance(30 * second)
    server.answer = ['a']
    expect(new Set(await all())).toEqual(new Set(['accepted']))
    expect(server.requests).toBe(2)
  })

  test('serve on for an hour while they cannot be read, and no longer', async () => {
    const server = await serveKeys('a')
    const { clock, judge } = setUp(server)
    expect(await judge('a')).toBe('accepted')
    server.answer = { status: 503 }
    clock.advance(59 * minute)
    expect(await judge('a')).toBe('accepted')
    expect(await judge('b')).toBe('unavailable keys-unavailable')
    clock.advance(minute)
    expect(await judge('a')).toBe('unavailable keys-unavailable')
  })

  test('that a clock set back made old are read again', async () => {
    const server = await serveKeys('a')
    const { clock, judge } = setUp(server)
    expect(await judge('a')).toBe('accepted')
    clock.advance(-20 * minute)
    expect(await judge('a')).toBe('token-not-yet-valid')
    expect(server.requests).toBe(2)
  })

  test.each([
    ['a failure', { status: 500 } as const, 'unavailable keys-unavailable'],
    ['a miss', ['a'], 'key-unknown'],
  ])('are asked for again once a clock was set back behind %s', async (_, answer, refusal) => {
    const server = await serveKeys()
    server.answer = answer
    const { clock, judge } = setUp(server)
    clock.advance(minute)
    expect(await judge('b')).toBe(refusal)
    clock.advance(-minute)
    server.answer = ['b']
    expect(await judge('b')).toBe('accepted')
  })

  test('that are not a key set are not taken', async () => {
    const server = await serveKeys('a')
    const elsewhere = await serveKeys('a')
    const many = Array.from({ length: 51 }, (_, index) => `key-${index}`)
    const answers: readonly KeyServer['answer'][] = [
      { status: 200, body: '' }, { status: 200, body: 'null' }, { status: 200, body: '[]' }, { status: 200, body: '{"keys":{}}' },
      { status: 200, body: '<html></html>' }, { status: 204 }, { status: 404, body: setOf(['a']) }, many,
      { status: 200, body: setOf(['a']).padEnd(64 * 1024 + 1) }, { status: 302, headers: { location: elsewhere.url } },
      { status: 301, headers: { location: server.url } },
    ]
    for (const answer of answers) {
      server.answer = answer
      expect(await setUp(server).judge('a')).toBe('unavailable keys-unavailable')
    }
    expect(elsewhere.requests).toBe(0)
    server.answer = { status: 200, body: setOf(['a']).padEnd(64 * 1024) }
    expect(await setUp(server).judge('a')).toBe('accepted')
    server.answer = { status: 200, body: JSON.stringify({ keys: [null, 7, 'a', { kty: 'oct', kid: 'a', k: 'AAAA', alg: 'HS256' }, ...JSON.parse(setOf(['a'])).keys] }) }
    expect(await setUp(server).judge('a')).toBe('accepted')
  })

  test('that do not come in time are given up', async () => {
    const server = await serveKeys('a')
    server.answer = 'nothing'
    expect(await setUp(server, { fetchTimeout: 20 }).judge('a')).toBe('unavailable keys-unavailable')
    const deaf = setUp(server, { fetchTimeout: 20, fetch: () => new Promise(() => undefined) })
    expect(await deaf.judge('a')).toBe('unavailable keys-unavailable')
  })

  test('are not waited for behind a request that never ends', async () => {
    const server = await serveKeys('a')
    const unanswered: ((error: Error) => void)[] = []
    const fetch = async (url: string, options: RequestInit): Promise<Response> =>
      unanswered.length > 0 ? globalThis.fetch(url, options) : new Promise((_, reject) => void unanswered.push(reject))
    const { clock, judge } = setUp(server, { fetch })
    const first = judge('a')
    clock.advance(60_001)
    expect(await judge('a')).toBe('accepted')
    unanswered[0]?.(new Error('The line is cut'))
    expect(['accepted', 'unavailable keys-unavailable']).toContain(await first)
  })

  test('forget(kid) stops trusting a key at once, published or not', async () => {
    const server = await serveKeys('a', 'b')
    const { auth, clock, judge, token } = setUp(server)
    const [before, other] = [token('a'), token('b')]
    expect(await verdict(auth.verifier, before)).toBe('accepted')
    expect(await verdict(auth.verifier, other)).toBe('accepted')

    auth.forget('a')
    expect(await verdict(auth.verifier, before)).toBe('key-unknown')
    expect(await verdict(auth.verifier, other)).toBe('accepted')
    clock.advance(11 * minute)
    expect(await judge('a')).toBe('key-unknown')
    expect(await judge('b')).toBe('accepted')
  })

  test('forget(kid) is heard by who is being verified just then', async () => {
    const server = await serveKeys('a')
    const answered = async (...before: readonly string[]): Promise<string> => {
      // On WebCrypto each step is waited for: the reading of the keys, and the check of the signature.
      const verifier = createPlanTokenVerifier({ issuer, audience, clock: manualClock(), keys: { jwksUrl: server.url, allowInsecure: true } })
      for (const token of before) await verifier.verify(token)
      const answer = verdict(verifier, planToken('2'))
      verifier.forget('a')
      return answer
    }
    expect(await answered()).toBe('key-unknown')
    expect(await answered(planToken('1'))).toBe('key-unknown')
  })
})
