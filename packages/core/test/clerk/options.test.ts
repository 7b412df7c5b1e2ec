import { isFareboxError } from '@farebox/core'
import { clerkAuth } from '@farebox/core/drivers/clerk'
import { describe, expect, test } from 'vitest'
import { keys, pemOf, verdict } from '../tokens/craft.ts'
import { clerkIssuer, jwtKey, party, sessionClaims, sessionToken } from './session.ts'

const publishableKey = `pk_test_${btoa('clerk.example.com$')}`

/** Options as JavaScript may pass them. */
function pathsOf(options: Record<string, unknown>): readonly string[] {
  try {
    clerkAuth({ authorizedParties: [party], publishableKey, jwtKey, ...options })
    return []
  } catch (error) {
    if (!isFareboxError(error) || error.code !== 'invalid-configuration') throw error
    return error.faults.map((fault) => fault.path)
  }
}

describe('options of clerkAuth', () => {
  test('are told all that is wrong with them, at once', () => {
    const wrong = {
      publishableKey: undefined, issuer: 'clerk.example.com', authorizedParties: ['*'], jwtKey: 'pem', secretKey: '', webhookSecret: ' ',
      clockTolerance: -1,
    }
    expect(pathsOf(wrong)).toEqual(['issuer', 'authorizedParties', 'secretKey', 'webhookSecret', 'jwtKey', 'clockTolerance'])
  })

  test('left out as `undefined` are left out', () => {
    expect(pathsOf({ secretKey: undefined, webhookSecret: undefined, jwtKey: undefined, client: undefined, templateAudience: undefined })).toEqual([])
  })

  test.each(['', ' ', 'sk_test_', 'pk_test_abcdef', 'sk_prod_abcdef', ' sk_test_abcdef', 'sk_test_abc def', 7, null, {}])(
    'never take %j for a secret key', (secretKey) => expect(pathsOf({ secretKey })).toEqual(['secretKey']),
  )

  test.each(['', 'whsec_', 'whsec', 'whsec_short', 'sk_test_0123456789abcdef', 'whsec_MDEyMzQ1Njc4OWFiY2Rl Zg==', 7, null])(
    'never take %j for a webhook secret', (webhookSecret) => expect(pathsOf({ webhookSecret })).toEqual(['webhookSecret']),
  )

  test.each(['', 'pk_test_', 'pk_test_abc', `pk_test_${btoa('clerk.example.com')}`, `pk_test_${btoa('https://clerk.example.com$')}`, `sk_test_${btoa('clerk.example.com$')}`, `pk_test_${btoa('a.example.com/x$')}`, 7, null])(
    'never take %j for a publishable key', (key) => expect(pathsOf({ publishableKey: key })).toEqual(['publishableKey']),
  )

  test.each([undefined, [], [''], ['*'], ['https://*.example.com'], [`${party}/`], [`${party}/path`], ['app.example.com'], [party, null], party, 7])(
    'never take %j for authorized parties', (authorizedParties) => expect(pathsOf({ authorizedParties })).toEqual(['authorizedParties']),
  )

  test.each(['', 'http://clerk.example.com', 'https://clerk.example.com/', 'https://', 'clerk.example.com', 7, null])(
    'never take %j for an issuer', (issuer) => expect(pathsOf({ publishableKey: undefined, issuer })).toEqual(['issuer']),
  )

  test('name one instance', () => {
    expect(pathsOf({ issuer: clerkIssuer })).toEqual([])
    expect(pathsOf({ issuer: 'https://clerk.other.example.com' })).toEqual(['issuer'])
    expect(pathsOf({ publishableKey: undefined, issuer: undefined })).toEqual(['issuer'])
    expect(pathsOf({ secretKey: 'sk_live_0123456789' })).toEqual(['publishableKey'])
    expect(pathsOf({ jwtKey: pemOf(keys['P-256'].publicKey) })).toEqual(['jwtKey'])
    expect(pathsOf({ jwtKey: '' })).toEqual(['jwtKey'])
  })

  test('tell the issuer by the publishable key, and its keys by the issuer', async () => {
    const asked: string[] = []
    const fetch = async (url: string): Promise<Response> => {
      asked.push(url)
      return Response.json({ keys: [] })
    }
    const { verifier } = clerkAuth({ publishableKey, authorizedParties: [party], fetch })
    expect(await verdict(verifier, sessionToken(sessionClaims()))).toBe('key-unknown')
    expect(asked).toEqual(['https://clerk.example.com/.well-known/jwks.json'])

    const offline = clerkAuth({ publishableKey, authorizedParties: [party], jwtKey: jwtKey.replaceAll('\n', '\\n'), fetch })
    expect(await verdict(offline.verifier, sessionToken(sessionClaims()))).toBe('accepted')
    expect(asked).toHaveLength(1)
  })
})
