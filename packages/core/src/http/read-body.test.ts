import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { instantText, largestJson, parseWith, readBytes, readJson } from './read-body.ts'

const schema = z.strictObject({ plan: z.string().check(z.maxLength(8)), interval: z.optional(z.enum(['month', 'year'])) })

function post(
  body: BodyInit | null,
  contentType: string | null = 'application/json',
  fields: Readonly<Record<string, string>> = {},
): Request {
  const headers = contentType === null ? fields : { ...fields, 'content-type': contentType }
  const stream = body instanceof ReadableStream ? { duplex: 'half' } : {}
  return new Request('http://localhost/', { method: 'POST', body, headers, ...stream })
}

/** A body without a length, which tells how much of it was asked for. */
function endless(chunk: Uint8Array) {
  let sent = 0
  let isCancelled = false
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += chunk.byteLength
      controller.enqueue(chunk)
    },
    cancel() {
      isCancelled = true
    },
  })
  return { body, sent: () => sent, isCancelled: () => isCancelled }
}

function faultsOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'valid',
    (error: { code: string; faults: unknown }) => ({ code: error.code, faults: error.faults }),
  )
}

describe('readBytes()', () => {
  test('gives the bytes as they came, and none where there is no body', async () => {
    const bytes = new Uint8Array([0, 255, 13, 10, 239, 187, 191])
    expect(await readBytes(post(bytes), 7)).toEqual(bytes)
    expect(await readBytes(post(null), 7)).toEqual(new Uint8Array())
  })

  test('joins chunks', async () => {
    const chunks = [new Uint8Array([1, 2]), new Uint8Array(), new Uint8Array([3])]
    const body = new ReadableStream({
      pull(controller) {
        const chunk = chunks.shift()
        if (chunk === undefined) controller.close()
        else controller.enqueue(chunk)
      },
    })
    expect(await readBytes(post(body), 3)).toEqual(new Uint8Array([1, 2, 3]))
  })

  test('takes the largest size and not a byte more', async () => {
    expect((await readBytes(post(new Uint8Array(100)), 100)).byteLength).toBe(100)
    await expect(readBytes(post(new Uint8Array(101)), 100)).rejects.toMatchObject({ reason: 'payload-too-large' })
  })

  test('reads nothing of a body that says it is too large', async () => {
    const stream = endless(new Uint8Array(16))
    const request = post(stream.body, null, { 'content-length': '101' })
    await expect(readBytes(request, 100)).rejects.toMatchObject({ reason: 'payload-too-large' })
    expect(request.bodyUsed).toBe(false)
  })

  test.each(['0', '1', 'NaN', '-1', 'x'])('stops at the limit when the length says %s', async (length) => {
    const stream = endless(new Uint8Array(64))
    const request = post(stream.body, null, { 'content-length': length })
    await expect(readBytes(request, 100)).rejects.toMatchObject({ code: 'invalid-request', reason: 'payload-too-large' })
    expect(stream.isCancelled()).toBe(true)
    expect(stream.sent()).toBeLessThanOrEqual(256)
  })
})

test('a body that breaks off is the sender\'s fault, and one that was read before is not', async () => {
  const body = new ReadableStream({ pull: (controller) => controller.error(new TypeError('canary: terminated')) })
  expect(await faultsOf(readBytes(post(body), 7))).toEqual({
    code: 'invalid-request', faults: [{ path: 'body', message: 'Send the whole body' }],
  })
  const request = post('{}')
  await request.text()
  await expect(readBytes(request, 7)).rejects.toMatchObject({ code: 'invalid-configuration', reason: 'body-was-read' })
})

describe('readJson()', () => {
  test.each(['application/json', 'application/json; charset=utf-8', 'application/json ; charset=utf-8', 'Application/JSON', 'application/json;'])(
    'takes %s',
    async (type) => {
      expect(await readJson(post('{"plan":"pro"}', type), schema)).toEqual({ plan: 'pro' })
    },
  )

  test.each([
    null, 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/json',
    'application/jsonp', 'application/json+x', 'x-application/json', 'text/plain; application/json',
  ])('refuses %s', async (type) => {
    const request = post(new TextEncoder().encode('{"plan":"pro"}'), type)
    expect(await faultsOf(readJson(request, schema))).toEqual({
      code: 'invalid-request', faults: [{ path: 'content-type', message: 'Send application/json' }],
    })
  })

  test('takes an absent body for an empty object', async () => {
    expect(await readJson(post(null, null), z.strictObject({}))).toEqual({})
    expect(await faultsOf(readJson(post(null), schema))).toMatchObject({ faults: [{ path: 'plan' }] })
  })

  test.each([
    ['not JSON', 'plan=pro'],
    ['cut short', '{"plan":"pro"'],
    ['two values', '{} {}'],
    ['not UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
    ['of another encoding', new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00])],
    ['only spaces', '   '],
  ])('refuses what is %s', async (_, body) => {
    expect(await faultsOf(readJson(post(body), schema))).toEqual({
      code: 'invalid-request', faults: [{ path: 'body', message: 'Send valid JSON in UTF-8' }],
    })
  })

  test.each([
    ['null', [{ path: 'body', message: 'Give a value of the right type' }]],
    ['[]', [{ path: 'body', message: 'Give a value of the right type' }]],
    ['"pro"', [{ path: 'body', message: 'Give a value of the right type' }]],
    ['{"plan":1}', [{ path: 'plan', message: 'Give a value of the right type' }]],
    ['{"plan":["pro"]}', [{ path: 'plan', message: 'Give a value of the right type' }]],
    ['{"plan":"a plan that is too long"}', [{ path: 'plan', message: 'Give one of the accepted values' }]],
    ['{"plan":"pro","interval":"week"}', [{ path: 'interval', message: 'Give one of the accepted values' }]],
    ['{"plan":"pro","customer":"user_2"}', [{ path: 'customer', message: 'Leave out what is not known here' }]],
    [
      '{"plan":1,"interval":2,"customer":"user_2","amount":0}',
      [
        { path: 'plan', message: 'Give a value of the right type' },
        { path: 'interval', message: 'Give one of the accepted values' },
        { path: 'customer', message: 'Leave out what is not known here' },
        { path: 'amount', message: 'Leave out what is not known here' },
      ],
    ],
    ['{"plan":"pro","__proto__":{"interval":"year"}}', [{ path: '__proto__', message: 'Leave out what is not known here' }]],
    ['{"plan":"pro","<script>":1}', [{ path: 'body', message: 'Leave out what is not known here' }]],
    [`{"plan":"pro","${'k'.repeat(100)}":1}`, [{ path: 'body', message: 'Leave out what is not known here' }]],
  ])('tells every fault of %s', async (body, faults) => {
    expect(await faultsOf(readJson(post(body), schema))).toEqual({ code: 'invalid-request', faults })
  })

  test('never repeats a value', async () => {
    const answer = await faultsOf(readJson(post('{"plan":42,"interval":"canary","canary value":"canary"}'), schema))
    expect(JSON.stringify(answer)).not.toContain('canary')
  })

  test('refuses a body that is too large before it is parsed', async () => {
    const body = `{"plan":"${'p'.repeat(largestJson)}"}`
    await expect(readJson(post(body), schema)).rejects.toMatchObject({ reason: 'payload-too-large' })
  })

  test('is not led astray by depth', async () => {
    const deep = `{"plan":${'['.repeat(5000)}${']'.repeat(5000)}}`
    expect(await faultsOf(readJson(post(deep), schema))).toMatchObject({ faults: [{ path: 'plan' }] })
  })
})

test('parseWith() answers what fits, without what was not asked for', () => {
  expect(parseWith(schema, { plan: 'pro' })).toEqual({ plan: 'pro' })
})

/** Two digits. */
function two(most: number): fc.Arbitrary<string> {
  return fc.integer({ min: 0, max: most }).map((value) => String(value).padStart(2, '0'))
}

describe('instantText', () => {
  const reference = z.iso.datetime()

  test('takes what the schema of the library takes, and nothing else', () => {
    const year = fc.oneof(fc.constantFrom('0000', '1900', '1970', '2000', '2024', '2100', '9999', '202', '+02026'), fc.integer({ min: 1000, max: 9999 }).map(String))
    const date = fc.tuple(year, two(13), two(32)).map((parts) => parts.join('-'))
    const time = fc.tuple(two(25), two(61), fc.option(two(61)), fc.constantFrom('', '.', '.5', '.123', '.1234567'))
      .map(([hours, minutes, seconds, rest]) => `${hours}:${minutes}${seconds === null ? '' : `:${seconds}`}${rest}`)
    const text = fc.tuple(date, fc.constantFrom('T', 'T', ' ', 't'), time, fc.constantFrom('Z', 'Z', 'Z', 'z', '', '+00:00', '+01:00', 'Z\n')).map((parts) => parts.join(''))
    fc.assert(fc.property(fc.oneof(text, fc.string()), (given) => {
      expect([given, z.safeParse(instantText, given).success]).toEqual([given, z.safeParse(reference, given).success])
    }), { numRuns: 5000, examples: [['1970-01-01T00:00:00Z'], ['2026-02-29T00:00Z'], ['0000-02-29T00:00:00Z'], ['2026-01-01T00:00Z'], ['2024-02-29T00:00Z'], ['2026-04-31T10:00:00Z'], ['2026-01-01T24:00:00Z'], ['']] })
  })

  test('takes nothing but text', () => {
    for (const given of [0, null, undefined, new Date()]) expect(z.safeParse(instantText, given).success).toBe(false)
  })
})
