import { describe, expect, onTestFinished, test } from 'vitest'
import { runtimeNames } from '../../../../tools/servers/runtimes.mjs'
import { webCryptography } from '../../src/drivers/jose/platform-cryptography.ts'
import { type CraftAlgorithm, audience, craft, issuer, keys, pairOf, pemOf, secret, verdict } from '../tokens/craft.ts'
import { good, malformed, wellSigned } from '../tokens/vectors.ts'
import { verifierOn } from '../tokens/verifiers.ts'
import { skippedOn, startRuntime } from './runtime.ts'
import type { TokenQuestion } from './token-worker.ts'

const entry = new URL('./token-worker.ts', import.meta.url)
const vectors = [good, ...malformed, ...wellSigned.map(([, crafted]) => craft(crafted))]

/** A secret goes with one of the HMACs alone. */
type Tried = Exclude<CraftAlgorithm, 'HS384' | 'HS512'>

const algorithms: readonly Tried[] = ['HS256', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

const shared = secret.toString('base64url')

/** How a key is given to a verifier, and how a token is signed with it. */
function keyOf(algorithm: Tried): { readonly keys: TokenQuestion['keys']; readonly key?: string } {
  if (algorithm === 'HS256') return { keys: { secret: shared }, key: shared }
  return { keys: { publicKey: pemOf(keys[pairOf[algorithm]].publicKey), algorithm } }
}

describe.each(runtimeNames.map((name) => ({ name, skipped: skippedOn(name) })))('on $name', ({ name, skipped }) => {
  const why = skipped === null ? '' : ` (${skipped})`

  async function start(): Promise<(question: Omit<TokenQuestion, 'issuer' | 'audience'>) => Promise<unknown>> {
    const running = await startRuntime(name, entry)
    onTestFinished(async () => running.close())
    return async (question) => running.ask('/', { issuer, audience, ...question })
  }

  // skipped: what this platform has no program of
  test.skipIf(skipped !== null)(`each token has the verdict that it has on Node${why}`, async () => {
    const ask = await start()
    const verifier = verifierOn(webCryptography)
    const expected = await Promise.all(vectors.map((token) => verdict(verifier, token)))
    expect(expected.filter((reason) => reason === 'accepted')).toHaveLength(1)
    expect(await ask({ keys: keyOf('RS256').keys, tokens: vectors })).toEqual(expected)
  })

  // skipped: what this platform has no program of
  test.skipIf(skipped !== null)(`of each algorithm the right signature is accepted, and no other${why}`, async () => {
    const ask = await start()
    for (const algorithm of algorithms) {
      const { keys: known, ...key } = keyOf(algorithm)
      const right = craft({ algorithm, ...key })
      const tokens = [right, `${right.slice(0, -8)}${'A'.repeat(8)}`]
      expect([algorithm, await ask({ keys: known, tokens })]).toEqual([algorithm, ['accepted', 'signature-invalid']])
    }
  })
})
