import { allowance, createFarebox, defineCatalog, metered } from '@farebox/core'
import { migrate, postgresStore } from '@farebox/core/drivers/postgres'
import { describe, expect, it } from 'vitest'
import { clientKinds, openPool } from './databases.ts'
import { ownDatabase, readyClient } from './ready-database.ts'

const database = await ownDatabase()

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: { name: 'Pro', features: { apiCalls: allowance(500).per('month') } },
  },
})

describe.each(clientKinds)('farebox on $kind', ({ kind, open }) => {
  const opened = readyClient(() => open(database.url))

  it('counts for whoever comes, remembers plans and keys, and another process sees it', async () => {
    const [one, other] = [0, 1].map(() => createFarebox({ catalog, store: postgresStore({ client: opened.client }) }))
    const request = { customer: `${kind} 😀`, feature: 'apiCalls' } as const
    const decisions = await Promise.all(Array.from({ length: 8 }, async (_, index) => (index % 2 === 0 ? one : other)!.consume(request)))
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(5)

    await one!.override({ customer: request.customer, plan: 'pro', key: 'gift', until: null })
    const keyed = { ...request, amount: 10, idempotencyKey: 'a' }
    expect(await other!.consume(keyed)).toMatchObject({ allowed: true, remaining: 485, repeated: false })
    expect(await one!.consume(keyed)).toMatchObject({ allowed: true, remaining: 485, repeated: true })
    const reservation = await one!.reserve({ ...request, atMost: 100 })
    expect(reservation).toMatchObject({ allowed: true })
    await Promise.all([one!.close(), other!.close()])
  })
})

describe('64 customers that nobody has seen', () => {
  it('are decided in a handful of round trips', async () => {
    const pool = openPool(database.url)
    await migrate(pool.client)
    const asked: string[] = []
    const client = {
      async query(text: string, values: unknown[]) {
        asked.push(text)
        return pool.client.query(text, values)
      },
    }
    const farebox = createFarebox({ catalog, store: postgresStore({ client }) })
    const decisions = await Promise.all(Array.from({ length: 64 }, async (_, index) => farebox.consume({ customer: `cold ${index}`, feature: 'apiCalls' })))
    expect(decisions.every(({ allowed }) => allowed)).toBe(true)
    process.stdout.write(`round trips for 64 customers nobody has seen: ${asked.length}\n`)
    expect(asked.length).toBeLessThanOrEqual(12)
    await farebox.close()
    await pool.close()
  })
})
