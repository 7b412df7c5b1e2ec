import type { Store } from '@farebox/core'
import { createHmac } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it, vi } from 'vitest'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { receiveWebhook } from '../../src/use-cases/webhooks/receive-webhook.ts'
import { createWorld, isFull, webhookSecret } from './world.ts'

const mutations = isFull ? 1_000_000 : 3000

setFlagsFromString('--expose-gc')
const collectGarbage: unknown = runInNewContext('gc')

/** In bytes, without what a collection would free. */
function heapInUse(): number {
  if (typeof collectGarbage === 'function') collectGarbage()
  return process.memoryUsage().heapUsed
}

/** A store of which any use is counted. */
function counting(store: Store, used: string[]): Store {
  const watch = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get(target, name, receiver) {
        used.push(String(name))
        return Reflect.get(target, name, receiver)
      },
    })
  return { usage: watch(store.usage), records: watch(store.records) }
}

it(`does nothing with ${mutations} unverified bodies: no parse, no store, no request, no log`, { timeout: 600_000 }, async () => {
  const world = await createWorld()
  const used: string[] = []
  const farebox = world.process({ store: counting(world.store, used) })
  used.length = 0
  world.requests.count = 0
  const random = seededRandom(5)
  const time = Math.floor(Date.now() / 1000)
  const genuine = new TextEncoder().encode(JSON.stringify({ id: 'evt_1', object: 'event', type: 'invoice.paid', livemode: false, data: { object: { customer: 'cus_1' } } }))
  const mac = createHmac('sha256', webhookSecret).update(`${time}.`).update(genuine).digest('hex')
  const parse = vi.spyOn(JSON, 'parse')
  const decode = vi.spyOn(TextDecoder.prototype, 'decode')
  let accepted = 0
  let slowest = 0
  const heapBefore = heapInUse()
  for (let index = 0; index < mutations; index += 1) {
    const body = Uint8Array.from(genuine)
    let signature: string | null = `t=${time},v1=${mac}`
    switch (random.integer(0, 4)) {
      case 0: {
        const place = random.integer(0, body.length - 1)
        body[place] = (body[place] ?? 0) ^ (1 << random.integer(0, 7))
        break
      }
      case 1:
        signature = `t=${time},v1=${random.id()}${random.id()}`
        break
      case 2:
        signature = `t=${time + random.integer(1, 1000) * random.pick([-1, 1])},v1=${mac}`
        break
      case 3:
        signature = random.pick([null, '', 't=', `t=${time}`, `v1=${mac}`, `t=${time},t=${time},v1=${mac}`, `t=${time},v0=${mac}`])
        break
      default:
        signature = signature.slice(0, random.integer(0, signature.length - 1))
    }
    const begun = performance.now()
    const error = await receiveWebhook(farebox, { body, signature }).then(
      () => undefined,
      (thrown: { code: string }) => thrown,
    )
    slowest = Math.max(slowest, index < 100 ? 0 : performance.now() - begun)
    if (error?.code !== 'invalid-signature') accepted += 1
  }
  const parsed = parse.mock.calls.length + decode.mock.calls.length
  vi.restoreAllMocks()
  const grown = (heapInUse() - heapBefore) / 1024 / 1024
  process.stdout.write(`unverified bodies: ${mutations}, accepted ${accepted}, slowest ${slowest.toFixed(1)} ms, heap ${grown.toFixed(0)} MB\n`)
  expect({ accepted, parsed, used, requests: world.requests.count, logged: world.logged }).toEqual({
    accepted: 0, parsed: 0, used: [], requests: 0, logged: [],
  })
  expect(grown).toBeLessThan(20)
})
