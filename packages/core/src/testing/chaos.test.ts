import { Stripe } from 'stripe'
import { describe, expect, it } from 'vitest'
import { stripePayments } from '../drivers/stripe/stripe-payments.ts'
import { memoryStore } from '../drivers/memory/memory-store.ts'
import { type ChaosOptions, type ChaoticEvent, createChaos } from './chaos.ts'
import { type CrashPoint, crashEverywhere, createCrashes } from './chaos-crashes.ts'

interface Told extends ChaoticEvent {
  readonly who: string
}

const events = Array.from({ length: 400 }, (_, index): Told => ({ id: `evt_${index}`, who: `user_${index % 7}` }))

const isEarly = ({ id }: Told): boolean => Number(id.slice(4)) < 300

function about(type: string, object: object, index: number): ChaoticEvent {
  return Object({ id: `evt_${index}`, type, data: { object } })
}

async function post(options: Partial<ChaosOptions<Told>> = {}): Promise<{ readonly delivered: readonly Told[]; readonly tally: object }> {
  const delivered: Told[] = []
  const chaos = createChaos<Told>({
    seed: 1,
    subjectOf: ({ who }) => who,
    deliver: async (event) => {
      delivered.push(event)
      return true
    },
    ...options,
  })
  for (let from = 0; from < events.length; from += 20) await chaos.post(events.slice(from, from + 20))
  await chaos.settle()
  return { delivered, tally: chaos.tally }
}

describe('chaos of deliveries', () => {
  it('loses, doubles, delays, shuffles and tells twice, and the same again for the same seed', async () => {
    const { delivered, tally } = await post()
    const ids = new Set(delivered.map(({ id }) => id))
    expect(events.filter(({ id }) => !ids.has(id)).length).toBeGreaterThan(20)
    expect(delivered.length).toBeGreaterThan(ids.size * 1.5)
    expect([...ids].filter((id) => id.includes('_twin')).length).toBeGreaterThan(10)
    expect(delivered.map(({ id }) => id)).not.toEqual(delivered.map(({ id }) => id).toSorted())
    expect(tally).toMatchObject({ events: 400, deliveries: delivered.length, refused: 0 })
    expect((await post()).delivered).toEqual(delivered)
    expect((await post({ seed: 2 })).delivered).not.toEqual(delivered)
  })

  it('never loses the last relevant event of anybody', async () => {
    const { delivered } = await post({ lost: 1, again: 0, isRelevant: isEarly })
    const last = Array.from({ length: 7 }, (_, who) => events.filter((event) => event.who === `user_${who}` && isEarly(event)).at(-1)?.id)
    expect(new Set(delivered.map(({ id }) => id))).toEqual(new Set(last))
  })

  it('knows of events of Stripe whom they are about, so that nobody right is blamed', async () => {
    const given = [
      about('customer.subscription.updated', { object: 'subscription', customer: 'cus_1' }, 1),
      about('customer.updated', { object: 'customer', id: 'cus_2' }, 2),
      about('customer.updated', { object: 'customer', id: 'cus_2' }, 3),
      about('customer.updated', { object: 'customer', id: 'cus_1' }, 4),
      about('invoice.paid', { object: 'invoice', customer: { id: 'cus_1' } }, 5),
    ]
    const arriving = async (options: Partial<ChaosOptions<ChaoticEvent>>): Promise<readonly string[]> => {
      const arrived = new Set<string>()
      const chaos = createChaos({ seed: 1, lost: 1, again: 0, deliver: async ({ id }) => arrived.add(id).size > 0, ...options })
      await chaos.post(given)
      await chaos.settle()
      return [...arrived].toSorted()
    }
    // Of each type the last, for nobody said which of them are read.
    expect(await arriving({})).toEqual(['evt_1', 'evt_3', 'evt_4', 'evt_5'])
    expect(await arriving({ isRelevant: ({ id }) => id !== 'evt_5' })).toEqual(['evt_3', 'evt_4'])
  })

  it('tells something old last of all, of each type what was lost until then', async () => {
    const given = [
      about('customer.subscription.created', { object: 'subscription', customer: 'cus_1' }, 1),
      about('customer.subscription.updated', { object: 'subscription', customer: 'cus_1' }, 2),
      about('customer.subscription.updated', { object: 'subscription', customer: 'cus_1' }, 3),
      about('invoice.paid', { object: 'invoice', customer: 'cus_1' }, 4),
      about('invoice.paid', { object: 'invoice', customer: 'cus_2' }, 5),
    ]
    const delivered: string[] = []
    const chaos = createChaos({ seed: 1, lost: 1, isRelevant: () => true, deliver: async ({ id }) => delivered.push(id) > 0 })
    await chaos.post(given)
    expect(delivered).toEqual([])
    await chaos.settle()
    const firstOld = delivered.findIndex((id) => id === 'evt_1' || id === 'evt_2')
    expect(new Set(delivered.slice(0, firstOld))).toEqual(new Set(['evt_4', 'evt_5']))
    expect(new Set(delivered.slice(firstOld))).toEqual(new Set(['evt_1', 'evt_2']))
  })

  it('is none at all where every share is zero', async () => {
    const { delivered } = await post({ lost: 0, late: 0, twins: 0, again: 0, mostCopies: 1 })
    expect(new Set(delivered)).toEqual(new Set(events))
    expect(() => createChaos({ seed: 1, lost: 1.5, deliver: async () => true })).toThrow(RangeError)
  })

  it('delivers again what was not acknowledged, and gives up at last', async () => {
    const tries = new Map<string, number>()
    const { tally } = await post({
      deliver: async ({ id }) => {
        tries.set(id, (tries.get(id) ?? 0) + 1)
        if (id === 'evt_399' && tries.get(id) === 1) throw new Error('The app fell over')
        return (tries.get(id) ?? 0) > 2
      },
      lost: 0,
    })
    expect([...tries.values()].every((count) => count > 2)).toBe(true)
    expect(tally).not.toMatchObject({ refused: 0 })
    await expect(post({ deliver: async () => false })).rejects.toThrow(/^evt_\d+(_twin\d+)? was refused 20 times in a row.+answered false/)
    const cause = new Error('Connection refused')
    await expect(post({ deliver: () => Promise.reject(cause) })).rejects.toMatchObject({ message: expect.stringContaining('see the cause'), cause })
  })
})

describe('crashes', () => {
  it('fails before a call or after it, and every later one where the process is dead', async () => {
    for (const moment of ['before', 'after'] as const) {
      for (const survives of [true, false]) {
        const done: string[] = []
        const crashes = createCrashes({ call: 2, moment, survives })
        const call = (name: string): Promise<unknown> => crashes.call(name, () => done.push(name))
        await call('one')
        expect(crashes.hasCrashed).toBe(false)
        await expect(call('two')).rejects.toMatchObject({ code: 'unavailable', reason: 'injected-fault' })
        await call('three').catch(() => undefined)
        expect(crashes.hasCrashed).toBe(true)
        expect(done).toEqual(['one', ...(moment === 'after' ? ['two'] : []), ...(survives ? ['three'] : [])])
      }
    }
  })

  it('wraps a store, claims and a fetch, and counts their calls together', async () => {
    const crashes = createCrashes(null)
    const store = crashes.store(memoryStore())
    await store.records.load('ann', ['customers'], { customers: ['ann'] })
    await store.usage.raiseVersion('ann', 1)
    await crashes.claims({ write: async () => undefined }).write('ann', { plan: 'pro', ev: 1, anchor: 0, until: null, g: false })
    expect(await (await crashes.fetch(async () => new Response('ok'))('http://localhost/')).text()).toBe('ok')
    expect(crashes.calls).toEqual(['records.load', 'usage.raiseVersion', 'claims.write', 'fetch'])
  })

  it('wraps whatever can be asked of payments', async () => {
    const crashes = createCrashes({ call: 2, moment: 'after', survives: true })
    const asked: string[] = []
    const client = new Stripe('sk_test_crashes', { httpClient: Stripe.createFetchHttpClient(async (url) => {
      asked.push(new Request(url).url)
      return Response.json({ object: 'list', data: [], has_more: false })
    }), maxNetworkRetries: 0 })
    const payments = crashes.payments(stripePayments({ client, webhookSecret: 'whsec_crashes' }))
    expect(await payments.listCustomers({ after: null, limit: 1 })).toEqual({ customers: [], next: null })
    await expect(payments.listCustomers({ after: null, limit: 1 })).rejects.toMatchObject({ reason: 'injected-fault' })
    expect(crashes.calls).toEqual(['payments.listCustomers', 'payments.listCustomers'])
    expect(asked).toHaveLength(2)
  })

  it('tries every place, and counts them', async () => {
    const seen: string[] = []
    const crashed = await crashEverywhere(async (crashes, { call, moment, survives }) => {
      await crashes.call('one', () => undefined).catch(() => undefined)
      await crashes.call('two', () => undefined).catch(() => undefined)
      seen.push(`${call} ${moment} ${survives}`)
    })
    expect(crashed).toBe(8)
    expect(new Set(seen).size).toBe(12)
  })

  it('names the crash after which something was broken', async () => {
    const cause = new Error('2 counted for 1 done')
    const broken = (isBroken: (hasCrashed: boolean, point: CrashPoint) => boolean): Promise<number> =>
      crashEverywhere(async (crashes, point) => {
        await crashes.call('one', () => undefined).catch(() => undefined)
        await crashes.call('two', () => undefined).catch(() => undefined)
        if (isBroken(crashes.hasCrashed, point)) throw cause
      })
    await expect(broken((hasCrashed, { call }) => hasCrashed && call === 2)).rejects.toMatchObject({
      message: 'A crash before call 2, two, which the process outlived: 2 counted for 1 done', cause,
    })
    await expect(broken((hasCrashed, { moment, survives }) => hasCrashed && moment === 'after' && !survives)).rejects.toThrow(
      'A crash after call 1, one, which the process died of: 2 counted for 1 done',
    )
    await expect(broken((hasCrashed) => !hasCrashed)).rejects.toThrow('Without a crash: 2 counted for 1 done')
  })
})
