import { seededRandom } from '@farebox/core/testing'
import { describe, expect, test } from 'vitest'
import { craft, encode, goodClaims, isFull, signAs, verdict } from './craft.ts'
import { cryptographies, verifierOn } from './verifiers.ts'

const seed = 20_260_131
const counts: Readonly<Record<string, number>> = isFull
  ? { 'node:crypto': 1_000_000, WebCrypto: 100_000 }
  : { 'node:crypto': 20_000, WebCrypto: 2000 }
const refused = new Set([
  'token-missing', 'token-malformed', 'algorithm-not-allowed', 'extension-not-allowed', 'type-mismatch', 'key-unknown', 'signature-invalid',
])

const good = [craft(), craft({ header: { typ: undefined } }), craft({ claims: goodClaims({ sub: 'user_2', org_id: 'org_1' }) })]
const alphabet = Array.from('ABCDEFabcdef0123456789-_.=+/ \n\0é\uD800🙂{}[]":,')
const signature = (good[0] ?? '').split('.')[2] ?? ''

/** A token that nobody signed: a good one damaged, parts of several, another header, or noise. */
function forge(random: ReturnType<typeof seededRandom>): string {
  const token = random.pick(good)
  const [header = '', payload = ''] = token.split('.')
  const at = random.integer(0, token.length - 1)
  const noise = (length: number): string => Array.from({ length }, () => random.pick(alphabet)).join('')
  switch (random.integer(0, 8)) {
    case 0:
      return token.slice(0, at) + random.pick(alphabet) + token.slice(at + 1)
    case 1:
      return token.slice(0, at) + noise(random.integer(1, 4)) + token.slice(at)
    case 2:
      return token.slice(0, at) + token.slice(at + random.integer(1, 40))
    case 3:
      return [header, payload, signature].map((part) => random.pick([part, '', part.slice(1), noise(8)])).join('.')
    case 4:
      return `${encode({ alg: random.pick(['none', 'HS256', 'RS256', 'ES256', 7, null]), crit: random.pick([undefined, ['exp']]) })}.${payload}.${random.pick([signature, ''])}`
    case 5:
      return `${header}.${encode({ ...goodClaims(), sub: `user_${at}` })}.${signature}`
    case 6:
      return `${header}.${payload}.${signAs('HS256', `${header}.${payload}`, noise(32)).toString('base64url')}`
    case 7:
      return random.shuffle(token.split('.')).join('.')
    default:
      return noise(random.integer(0, 200))
  }
}

describe.each(cryptographies)('on %s', (name, cryptography) => {
  test('no forged token is accepted and nothing but a refusal comes out', async () => {
    const random = seededRandom(seed)
    const verifier = verifierOn(cryptography)
    for (const token of good) expect(await verdict(verifier, token)).toBe('accepted')

    const reasons = new Map<string, number>()
    let forged = 0
    while (forged < (counts[name] ?? 0)) {
      const token = forge(random)
      if (good.includes(token)) continue
      forged += 1
      const reason = await verdict(verifier, token)
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    }
    process.stdout.write(`forged tokens on ${name}: ${forged}, seed ${seed}, ${JSON.stringify(Object.fromEntries(reasons))}\n`)
    expect([...reasons.keys()].filter((reason) => !refused.has(reason))).toEqual([])
  }, 600_000)
})
