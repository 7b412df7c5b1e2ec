import { describe, expect, it } from 'vitest'
import { consumption } from '../../../test/d1/consumption.ts'
import { durableObjectStore, type UsageNamespace } from './index.ts'

/** Objects that answer as if one key was over in each, but for those that are broken; and who was asked what. */
function createNamespace(broken: ReadonlySet<string>): { readonly namespace: UsageNamespace; readonly asked: string[] } {
  const asked: string[] = []
  const namespace: UsageNamespace = {
    idFromName: (name) => name,
    get: (id) => ({
      async fetch(_, { body }) {
        const { question } = JSON.parse(body) as { readonly question: { readonly verb: string } }
        asked.push(`${question.verb} ${String(id)}`)
        if (broken.has(String(id))) throw new Error('Durable Object is overloaded')
        const answer = question.verb === 'sweep' ? { reservations: 0, keys: 1, counters: 0, markers: 0 } : null
        return { ok: true, json: async () => answer }
      },
    }),
  }
  return { namespace, asked }
}

describe('sweeping', () => {
  it('asks forty a time, each once, and lets one that fails hold up no other', async () => {
    const { namespace, asked } = createNamespace(new Set(['customer-0', 'customer-50']))
    const { usage } = durableObjectStore({ namespace })
    for (let index = 0; index < 60; index += 1) await usage.raiseVersion(`customer-${index}`, 1).catch(() => undefined)
    asked.length = 0
    expect(await usage.sweep()).toMatchObject({ keys: 39 })
    expect(await usage.sweep()).toMatchObject({ keys: 19 })
    expect(await usage.sweep()).toMatchObject({ keys: 0 })
    expect(asked).toEqual(Array.from({ length: 60 }, (_, index) => `sweep customer-${index}`))
  })

  it('fails where nobody answered', async () => {
    const { namespace } = createNamespace(new Set(['a', 'b']))
    const { usage } = durableObjectStore({ namespace })
    await Promise.allSettled(['a', 'b'].map(async (customer) => usage.raiseVersion(customer, 1)))
    await expect(usage.sweep()).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('remembers the last thousand that were written to', async () => {
    const { namespace, asked } = createNamespace(new Set())
    const { usage } = durableObjectStore({ namespace })
    for (let index = 0; index < 1100; index += 1) await usage.raiseVersion(`customer-${index}`, 1)
    await usage.raiseVersion('customer-100', 2)
    asked.length = 0
    await usage.sweep()
    expect(asked.slice(0, 2)).toEqual(['sweep customer-101', 'sweep customer-102'])
  })

  it('forgets customers who were erased', async () => {
    const { namespace, asked } = createNamespace(new Set())
    const { usage } = durableObjectStore({ namespace })
    await usage.raiseVersion('gone', 1)
    await usage.forget('gone')
    expect(await usage.sweep()).toMatchObject({ keys: 0 })
    expect(asked).toEqual(['raiseVersion gone', 'forget gone'])
  })
})

describe('a namespace', () => {
  it.each([undefined, null, 'USAGE', { get: () => undefined }, { idFromName: () => undefined }])('is refused before the first call where it is none: %s', (other) => {
    expect(() => durableObjectStore({ namespace: other as UsageNamespace })).toThrow(
      expect.objectContaining({ code: 'invalid-configuration', faults: [expect.objectContaining({ path: 'namespace' })] }),
    )
  })
})

describe('an object', () => {
  it('that answers less than was asked fails what it left out', async () => {
    const namespace: UsageNamespace = {
      idFromName: (name) => name,
      get: () => ({ fetch: async () => ({ ok: true, json: async () => [{ kind: 'unknown', now: 1, as: null }] }) }),
    }
    const { usage } = durableObjectStore({ namespace })
    expect(await usage.execute([consumption('a', 1), consumption('a', 1)])).toMatchObject([{ kind: 'unknown' }, { kind: 'failed' }])
    const query = { customer: 'a', feature: 'apiCalls', buckets: [], gates: [] }
    await expect(usage.read([query, query])).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('that answers no success is not read', async () => {
    const namespace: UsageNamespace = {
      idFromName: (name) => name,
      get: () => ({ fetch: async () => ({ ok: false, json: async () => Promise.reject(new Error('This is no JSON')) }) }),
    }
    await expect(durableObjectStore({ namespace }).usage.execute([consumption('a', 1)])).rejects.toMatchObject({ code: 'unavailable', message: expect.not.stringContaining('JSON') })
  })
})
