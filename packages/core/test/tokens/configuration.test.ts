import { type FareboxError, isFareboxError } from '@farebox/core'
import { clerkAuth } from '@farebox/core/drivers/clerk'
import { jwtAuth, planTokens } from '@farebox/core/drivers/jose'
import { createPlanTokenVerifier } from '@farebox/core/token'
import { describe, expect, test } from 'vitest'
import { audience, craft, issuer, jwkOf, keys, pemOf, secret, verdict } from './craft.ts'
import { manualClock } from '../../src/testing/manual-clock.ts'

const pem = pemOf(keys.RSA.publicKey)
const body = pem.replace(/-----[A-Z ]+-----/g, '').trim()

/** Options as JavaScript may pass them. */
function attempt(options: Record<string, unknown>): FareboxError | undefined {
  try {
    jwtAuth({ issuer, audience, keys: { secret }, ...options })
    return undefined
  } catch (error) {
    if (isFareboxError(error)) return error
    throw error
  }
}

function pathsOf(options: Record<string, unknown>): readonly string[] {
  const error = attempt(options)
  expect(error?.code ?? 'invalid-configuration').toBe('invalid-configuration')
  return (error?.faults ?? []).map((fault) => fault.path)
}

describe('options of a verifier', () => {
  test('are told all that is wrong with them, at once', () => {
    const wrong = {
      issuer: ' ', audience: [''], authorizedParties: ['*'], clockTolerance: -1, cacheSize: 0, typ: '', algorithms: ['none'],
      keys: { jwksUrl: 'http://issuer.example.com/jwks.json', allowInsecure: true },
      claims: { email: '', organization: [7] },
    }
    expect(pathsOf(wrong)).toEqual([
      'issuer', 'typ', 'clockTolerance', 'cacheSize', 'audience', 'authorizedParties', 'algorithms', 'keys.jwksUrl',
      'claims.organization', 'claims.email',
    ])
  })

  test('are told when there is no issuer, no audience and no key', () => {
    expect(pathsOf({ issuer: undefined, audience: undefined, keys: undefined })).toEqual(['issuer', 'audience', 'keys'])
    expect(pathsOf({ keys: {} })).toEqual(['keys'])
    expect(pathsOf({ keys: { secret, jwksUrl: 'https://a.example.com' } })).toEqual(['keys'])
    expect(pathsOf({ audience: [] })).toEqual(['audience'])
    expect(pathsOf({ audience: undefined, authorizedParties: [] })).toEqual(['authorizedParties'])
    for (const clockTolerance of [Number.NaN, 61, Infinity, '5']) expect(pathsOf({ clockTolerance })).toEqual(['clockTolerance'])
  })

  test.each([undefined, null, '', 'short', 's'.repeat(31), Buffer.alloc(0), Buffer.alloc(31), pem, pem.trim(), 7, {}, [secret]])(
    'never take a secret that is missing, short or a public key: %#', (value) => {
      expect(pathsOf({ keys: { secret: value } })).toEqual(['keys.secret'])
    },
  )

  test('never take a public key with the wrong bytes around it, and name its place', () => {
    const leading = ['a', '\0', '\uFEFFx', '-', '=', 'ssh-rsa ', '{', '"', '0', '\\', '\uFFFD', '#', '<', '/*', 'é', '\u202E', '.', ',', '\x1B', '\x7F']
    const wrong: unknown[] = [
      ...leading.map((bytes) => bytes + pem), ...leading.map((bytes) => pem + bytes), pem + pem, pem.replace('PUBLIC', 'RSA PUBLIC'),
      pem.replace('PUBLIC KEY', 'CERTIFICATE'), body, pem.slice(0, -40), pem.replace(body, body.slice(4)), pem.replace(body, body.slice(0, -8)),
      pem.replace(body, ''), pem.replace(body, '!!!!'), pem.replace(body, `${body}AAAA`), pemOf(keys['P-256'].publicKey), '', null, 7, {},
      keys.RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }), jwkOf(keys.RSA.privateKey), jwkOf(keys.Ed25519.publicKey), { kty: 'RSA' },
      { kty: 'oct', k: 'AAAA' }, [jwkOf(keys.RSA.publicKey)],
    ]
    for (const publicKey of wrong) {
      expect(pathsOf({ keys: { publicKey, algorithm: 'RS256' } })).toEqual(['keys.publicKey'])
    }
  })

  test('take a public key as environment variables carry it', async () => {
    const carried = [pem, pem.trim(), `\n  ${pem}`, pem.replaceAll('\n', '\\n'), pem.replaceAll('\n', ' '), pem.replaceAll('\n', '\r\n')]
    for (const publicKey of carried) {
      const { verifier } = jwtAuth({ issuer, audience, clock: manualClock(), keys: { publicKey, algorithm: 'RS256' } })
      expect(await verdict(verifier, craft())).toBe('accepted')
    }
  })

  test('pin algorithms that exist, are asymmetric for a key set, and are of one family for one key', () => {
    const jwks = { keys: [jwkOf(keys.RSA.publicKey)] }
    for (const algorithms of [undefined, [], ['none'], ['HS256'], ['RS256', 'HS256'], ['RS256', 'PS256'], ['RS256', 'rs384'], 'RS256', [null]]) {
      expect(pathsOf({ keys: { jwks }, algorithms }).filter((path) => path !== 'keys.jwks')).toContain('algorithms')
    }
    expect(pathsOf({ keys: { jwks }, algorithms: ['RS256', 'RS512'] })).toEqual([])
    for (const algorithm of [undefined, 'HS256', 'none', 'toString', 7]) {
      expect(pathsOf({ keys: { publicKey: pem, algorithm } })).toEqual(['keys.algorithm'])
    }
    expect(pathsOf({ keys: { secret }, algorithms: ['RS256'] })).toEqual(['algorithms'])
    expect(pathsOf({ keys: { secret }, algorithms: ['HS256'] })).toEqual([])
  })

  test('take key sets of public keys only', () => {
    const good = jwkOf(keys.RSA.publicKey)
    for (const jwks of [null, {}, { keys: [] }, { keys: good }, { keys: [good, jwkOf(keys.RSA.privateKey)] }, { keys: [good, { kty: 'oct', k: 'AAAA' }] }]) {
      expect(pathsOf({ keys: { jwks }, algorithms: ['RS256'] })).toEqual(['keys.jwks'])
    }
  })

  test('fetch over https, or over http from this machine when told so', () => {
    const algorithms = ['RS256']
    for (const jwksUrl of ['', 'jwks.json', 'http://127.0.0.1/jwks', 'ftp://a.example.com', 'file:///etc/passwd', 'data:application/json,{}', 7]) {
      expect(pathsOf({ keys: { jwksUrl }, algorithms })).toEqual(['keys.jwksUrl'])
    }
    for (const jwksUrl of ['http://issuer.example.com', 'http://127.0.0.1.example.com', 'http://localhost.example.com', 'http://10.0.0.1']) {
      expect(pathsOf({ keys: { jwksUrl, allowInsecure: true }, algorithms })).toEqual(['keys.jwksUrl'])
    }
    for (const jwksUrl of ['http://127.0.0.1:8080/jwks', 'http://localhost/jwks', 'http://[::1]/jwks', 'https://issuer.example.com']) {
      expect(pathsOf({ keys: { jwksUrl, allowInsecure: true }, algorithms })).toEqual([])
    }
    expect(pathsOf({ keys: { jwksUrl: 'http://localhost/jwks', allowInsecure: 'true' }, algorithms })).toEqual(['keys.jwksUrl'])
  })

  test('of a plan token verifier are told all that is wrong with them, too', () => {
    const wrong = { issuer: '', audience: 7, keys: { jwksUrl: 'http://app.example.com' } } as never
    expect(() => createPlanTokenVerifier(wrong)).toThrow(
      expect.objectContaining({
        code: 'invalid-configuration',
        faults: ['issuer', 'audience', 'keys.jwksUrl'].map((path) => expect.objectContaining({ path })),
      }),
    )
    for (const given of [undefined, null, {}, 'x', { jwks: { keys: [] } }]) {
      expect(() => createPlanTokenVerifier({ issuer, audience, keys: given } as never)).toThrow(/options of createPlanTokenVerifier/)
    }
  })

  test('are options, not nothing', () => {
    for (const nothing of [undefined, null, 'options', 7, []]) {
      for (const create of [jwtAuth, createPlanTokenVerifier, planTokens, clerkAuth]) {
        expect(() => create(nothing as never)).toThrow(expect.objectContaining({ code: 'invalid-configuration' }))
      }
    }
  })

  test('never show up in the error', () => {
    const canary = 'canary7f3a'
    const error = attempt({ issuer: '', keys: { publicKey: `-----BEGIN PUBLIC KEY-----${canary}`, algorithm: 'RS256' }, audience: [`${canary}*`] })
    expect(error).toBeDefined()
    expect(JSON.stringify([error?.message, error?.faults, String(error?.cause), error?.stack])).not.toContain(canary)
  })
})
