import { createHmac } from 'node:crypto'
import { Stripe } from 'stripe'
import { describe, expect, it } from 'vitest'
import { platformHmac, webHmac } from './hmac.ts'
import { createSignatureVerifier } from './verify-signature.ts'

const secret = 'whsec_first'
const other = 'whsec_second'
const time = 1_790_000_000
const now = time * 1000
const body = new TextEncoder().encode('{"id":"evt_1","object":"event"}')

function mac(key: string, at: number | string, bytes: Uint8Array = body): string {
  return createHmac('sha256', key).update(`${at}.`).update(bytes).digest('hex')
}

describe.each([
  ['as this platform does', platformHmac],
  ['by WebCrypto', webHmac],
])('verifying a signature %s', (_, hmacOf) => {
  async function reasonOf(header: string | null, at = now, bytes = body, secrets = [secret]): Promise<string> {
    const verifier = createSignatureVerifier(secrets, hmacOf)
    return Promise.resolve()
      .then(() => verifier.verify(bytes, header, at))
      .then(
        () => 'accepted',
        (error: { code: string; reason?: string }) => `${error.code}:${error.reason}`,
      )
  }

  it('accepts what the stripe package signs', async () => {
    const stripe = new Stripe('sk_test_x')
    const payload = JSON.stringify({ id: 'evt_1', note: 'ünïcode ☂' })
    const header = stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: time })
    expect(await reasonOf(header, now, new TextEncoder().encode(payload))).toBe('accepted')
  })

  it.each([
    ['300 s old', -300, 'accepted'],
    ['301 s old', -301, 'invalid-signature:signature-expired'],
    ['300 s ahead', 300, 'accepted'],
    ['301 s ahead', 301, 'invalid-signature:signature-expired'],
  ])('holds the tolerance both ways: %s', async (__, offset, expected) => {
    const at = time + offset
    expect(await reasonOf(`t=${at},v1=${mac(secret, at)}`)).toBe(expected)
  })

  it('holds up everything where the clock tells no time', async () => {
    expect(await reasonOf(`t=${time},v1=${mac(secret, time)}`, Number.NaN)).toBe('invalid-signature:signature-expired')
  })

  it.each([
    ['no header', null, 'signature-missing'],
    ['an empty header', '', 'signature-missing'],
    ['no time', `v1=${mac(secret, time)}`, 'signature-malformed'],
    ['two times', `t=${time},t=${time},v1=${mac(secret, time)}`, 'signature-malformed'],
    ['a time without a value beside one with it', `t,t=${time},v1=${mac(secret, time)}`, 'signature-malformed'],
    ['a time with junk', `t=${time}x,v1=${mac(secret, `${time}x`)}`, 'signature-malformed'],
    ['a signed time', `t=+${time},v1=${mac(secret, `+${time}`)}`, 'signature-malformed'],
    ['a negative time', `t=-${time},v1=${mac(secret, `-${time}`)}`, 'signature-malformed'],
    ['a time in exponent form', `t=1e9,v1=${mac(secret, '1e9')}`, 'signature-malformed'],
    ['no v1', `t=${time}`, 'signature-malformed'],
    ['only v0', `t=${time},v0=${mac(secret, time)}`, 'signature-malformed'],
    ['an empty v1', `t=${time},v1=`, 'signature-malformed'],
    ['a short v1', `t=${time},v1=${mac(secret, time).slice(2)}`, 'signature-malformed'],
    ['upper-case hex', `t=${time},v1=${mac(secret, time).toUpperCase()}`, 'signature-malformed'],
    ['a v1 with a second value', `t=${time},v1=${mac(secret, time)}=x`, 'signature-malformed'],
    ['an endless header', `t=${time},v1=${mac(secret, time)},${'v0=x,'.repeat(1000)}`, 'signature-malformed'],
    ['another secret', `t=${time},v1=${mac(other, time)}`, 'signature-mismatch'],
    ['another time', `t=${time + 1},v1=${mac(secret, time)}`, 'signature-mismatch'],
  ])('refuses %s', async (__, header, reason) => {
    expect(await reasonOf(header)).toBe(`invalid-signature:${reason}`)
  })

  it('accepts any of several signatures and any of several secrets, in any order', async () => {
    const header = `t=${time},v1=${'0'.repeat(64)},v0=ignored,v1=${mac(other, time)}`
    expect(await reasonOf(header, now, body, [secret, other])).toBe('accepted')
    expect(await reasonOf(header, now, body, [other, secret])).toBe('accepted')
    expect(await reasonOf(header, now, body, [secret])).toBe('invalid-signature:signature-mismatch')
  })

  it('signs raw bytes: a body that is not UTF-8 is not repaired before it is checked', async () => {
    const raw = new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])
    const repaired = new TextEncoder().encode(new TextDecoder().decode(raw))
    const header = `t=${time},v1=${mac(secret, time, repaired)}`
    expect(await reasonOf(header, now, raw)).toBe('invalid-signature:signature-mismatch')
    expect(await reasonOf(`t=${time},v1=${mac(secret, time, raw)}`, now, raw)).toBe('accepted')
  })
})

it('is not done by WebCrypto on Node', () => {
  expect(platformHmac).not.toBe(webHmac)
})
