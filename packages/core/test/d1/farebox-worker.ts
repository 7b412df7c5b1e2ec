import { type D1Database, d1Store, migrate } from '../../src/drivers/d1/index.ts'
import { durableObjectStore, type UsageNamespace } from '../../src/drivers/durable-object/index.ts'
import { type Farebox, type Store, allowance, createFarebox, defineCatalog, metered, seats, usd } from '../../src/index.ts'

export { FareboxUsage } from '../../src/drivers/durable-object/index.ts'

/** One of the stores keeps no records, and with them no seats. */
const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), tokens: metered({ unit: 'token' }), seats: seats({ acceptLossy: true }) },
  plans: {
    free: {
      name: 'Free',
      default: true,
      features: { apiCalls: allowance(50).per('month'), tokens: allowance(1000).per('month'), seats: 3 },
      gates: { apiCalls: ['1000/minute'] },
    },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month') } },
  },
})

interface Environment {
  readonly DB: D1Database
  readonly USAGE: UsageNamespace
}

/** One farebox of an isolate for each store, as an app makes it: shared by all of its requests. */
const fareboxes = new Map<string, Farebox<typeof catalog>>()

function fareboxOf(name: string, { DB: database, USAGE: namespace }: Environment): Farebox<typeof catalog> {
  const known = fareboxes.get(name)
  if (known !== undefined) return known
  const d1 = d1Store({ database })
  const stores: Readonly<Record<string, Store>> = {
    d1,
    'durable-object': durableObjectStore({ namespace, records: d1.records }),
    'durable-object-alone': durableObjectStore({ namespace }),
  }
  const farebox = createFarebox({ catalog, store: stores[name] ?? d1 })
  fareboxes.set(name, farebox)
  return farebox
}

/** A small app: `/<store>/<what>`. */
export const worker = {
  async fetch(request: Request, environment: Environment): Promise<Response> {
    const [, store = '', what = ''] = new URL(request.url).pathname.split('/')
    if (what === 'migrate') return Response.json(await migrate(environment.DB))
    const farebox = fareboxOf(store, environment)
    const customer = String(await request.json())
    switch (what) {
      case 'consume':
        return Response.json(await farebox.consume({ customer, feature: 'apiCalls' }))
      case 'repeat': {
        const asked = { customer, feature: 'apiCalls', amount: 5, idempotencyKey: 'k' } as const
        return Response.json([await farebox.consume(asked), await farebox.consume(asked)])
      }
      case 'seats': {
        const members = Array.from({ length: 6 }, (_, index) => `member-${index}`)
        const decisions = await Promise.all(members.map(async (member) => farebox.assignSeat({ customer, feature: 'seats', member })))
        return Response.json({ given: decisions.filter(({ allowed }) => allowed).length, ...(await farebox.seats({ customer })) })
      }
      case 'reserve': {
        const reservation = await farebox.reserve({ customer, feature: 'tokens', atMost: 400 })
        return Response.json({ reservation, settled: await reservation.settle(123) })
      }
      case 'grant':
        await farebox.grant({ customer, feature: 'apiCalls', amount: 100, key: 'welcome' })
        await farebox.grant({ customer, feature: 'apiCalls', amount: 100, key: 'welcome' })
        return Response.json(await farebox.snapshot({ customer }))
      case 'sweep':
        return Response.json(await farebox.sweep())
      default:
        return new Response('There is no such page', { status: 404 })
    }
  },
}
