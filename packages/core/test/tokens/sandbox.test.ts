import { runInNewContext } from 'node:vm'
import { generatePlanTokenKey, planTokens } from '@farebox/core/drivers/jose'
import { createPlanTokenVerifier } from '@farebox/core/token'
import { afterEach, expect, test, vi } from 'vitest'
import { verdict } from './craft.ts'

afterEach(() => void vi.restoreAllMocks())

test('a signature is looked at also where WebCrypto answers with promises of another realm, as in the sandbox of an edge runtime', async () => {
  const names = { issuer: 'https://app.example.com', audience: 'https://app.example.com' }
  const signer = planTokens({ ...names, keys: [await generatePlanTokenKey()] })
  const claims = { plan: 'pro', ev: 1, anchor: 0, until: null, g: false }
  const { token } = await signer.sign({ customer: 'user_1', subject: 'user_1', claims }, Date.now())
  const forgery = `${token.slice(0, token.lastIndexOf('.'))}.${'A'.repeat(86)}`
  const jwks = await signer.publicKeys()

  // A realm's own `Promise`, of which no promise of this realm is an instance.
  const Foreign = runInNewContext('Promise') as PromiseConstructor
  const verify = crypto.subtle.verify.bind(crypto.subtle)
  const spy = vi.spyOn(crypto.subtle, 'verify').mockImplementation((...given) => Foreign.resolve(verify(...given)))
  const verifier = createPlanTokenVerifier({ ...names, keys: { jwks } })
  expect(await verdict(verifier, forgery)).toBe('signature-invalid')
  expect(await verdict(verifier, token)).toBe('accepted')
  expect(spy).toHaveBeenCalledTimes(2)
  expect(spy.mock.results[0]?.value).not.toBeInstanceOf(Promise)
})
