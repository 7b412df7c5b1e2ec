import { type Caller, type Decision, type Problem, allowance, createFarebox, defineCatalog, metered, toggle, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { Hono } from 'hono'
import { type InferResponseType, hc } from 'hono/client'
import { describe, expectTypeOf, it } from 'vitest'
import { createGates } from './create-gates.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), exports: toggle() },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { exports: true } },
  },
})
const { requireAuth, requirePlan, requireFeature, meter } = createGates(createFarebox({ catalog, store: memoryStore() }))

const app = new Hono()
  .get('/account', requireAuth(), (c) => c.json({ subject: c.var.farebox.caller.identity.subject }, 200))
  .get('/team', requireAuth({ role: 'admin' }), (c) => c.json({ team: true }, 200))
  .get('/report', requirePlan(['pro']), (c) => c.json({ report: true }, 200))
  .get('/export', requireFeature('exports'), (c) => c.json({ export: true }, 200))
  .get('/quote', meter('apiCalls'), (c) => c.json({ used: c.var.farebox.decision.used }, 200))
  .get('/both', requireAuth(), requireFeature('exports'), meter('apiCalls', { amount: 2 }), (c) =>
    c.json({ left: c.var.farebox.decision.remaining }, 200),
  )
  .post('/import', requireAuth(), (c) => (c.req.query('dry') === '1' ? c.json({ dry: true }, 202) : c.json({ id: 1 }, 201)))

const client = hc<typeof app>('http://localhost')

type Answer<Route, Status extends 200 | 201 | 202 | 400 | 401 | 402 | 403 | 404 | 409 | 429 | 503> = InferResponseType<Route, Status>

async function quoteOrProblem(): Promise<number | string> {
  const response = await client.quote.$get()
  if (response.status === 200) return (await response.json()).used
  return (await response.json()).title
}

describe('the RPC client', () => {
  it('knows what requireAuth answers', () => {
    type Account = typeof client.account.$get
    expectTypeOf<Answer<Account, 200>>().toEqualTypeOf<{ subject: string }>()
    expectTypeOf<Answer<Account, 401>>().toEqualTypeOf<Problem>()
    expectTypeOf<Answer<Account, 503>>().toEqualTypeOf<Problem>()
    expectTypeOf<Answer<Account, 402>>().toBeNever()
    expectTypeOf<Answer<Account, 403>>().toBeNever()
  })

  it('knows what a role adds', () => {
    type Team = typeof client.team.$get
    expectTypeOf<Answer<Team, 200>>().toEqualTypeOf<{ team: true }>()
    expectTypeOf<Answer<Team, 401>>().toEqualTypeOf<Problem>()
    expectTypeOf<Answer<Team, 403>>().toEqualTypeOf<Problem>()
    expectTypeOf<Answer<Team, 503>>().toEqualTypeOf<Problem>()
  })

  it('knows what requirePlan answers', () => {
    type Report = typeof client.report.$get
    expectTypeOf<Answer<Report, 200>>().toEqualTypeOf<{ report: true }>()
    expectTypeOf<Answer<Report, 401>>().toEqualTypeOf<Problem>()
    expectTypeOf<Answer<Report, 402>>().toEqualTypeOf<Problem>()
    expectTypeOf<Answer<Report, 503>>().toEqualTypeOf<Problem>()
    expectTypeOf<Answer<Report, 429>>().toBeNever()
  })

  it('knows what requireFeature answers', () => {
    type Export = typeof client.export.$get
    expectTypeOf<Answer<Export, 200>>().toEqualTypeOf<{ export: true }>()
    expectTypeOf<Answer<Export, 401>>().toEqualTypeOf<Problem>()
    expectTypeOf<Answer<Export, 402>>().toEqualTypeOf<Problem>()
    expectTypeOf<Answer<Export, 429>>().toEqualTypeOf<Problem>()
    expectTypeOf<Answer<Export, 503>>().toEqualTypeOf<Problem>()
    expectTypeOf<Answer<Export, 409>>().toBeNever()
  })

  it('knows what meter answers', () => {
    type Quote = typeof client.quote.$get
    expectTypeOf<Answer<Quote, 200>>().toEqualTypeOf<{ used: number }>()
    expectTypeOf<Answer<Quote, 400>>().toEqualTypeOf<Problem>()
    expectTypeOf<Answer<Quote, 401>>().toEqualTypeOf<Problem>()
    expectTypeOf<Answer<Quote, 402>>().toEqualTypeOf<Problem>()
    expectTypeOf<Answer<Quote, 409>>().toEqualTypeOf<Problem>()
    expectTypeOf<Answer<Quote, 429>>().toEqualTypeOf<Problem>()
    expectTypeOf<Answer<Quote, 503>>().toEqualTypeOf<Problem>()
    expectTypeOf<Answer<Quote, 403>>().toBeNever()
  })

  it('keeps the answers of every gate of a route', () => {
    type Both = typeof client.both.$get
    expectTypeOf<Answer<Both, 200>>().toEqualTypeOf<{ left: number | null }>()
    expectTypeOf<Answer<Both, 402>>().toEqualTypeOf<Problem>()
    expectTypeOf<Answer<Both, 409>>().toEqualTypeOf<Problem>()
  })

  it('keeps a handler that answers in several ways', () => {
    type Import = typeof client.import.$post
    expectTypeOf<Answer<Import, 201>>().toEqualTypeOf<{ id: number }>()
    expectTypeOf<Answer<Import, 202>>().toEqualTypeOf<{ dry: true }>()
    expectTypeOf<Answer<Import, 401>>().toEqualTypeOf<Problem>()
  })

  it('narrows an answer by its status', () => {
    expectTypeOf(quoteOrProblem).returns.resolves.toEqualTypeOf<number | string>()
  })
})

describe('names', () => {
  it('refuses a plan that the catalog does not have', () => {
    // @ts-expect-error not a plan
    requirePlan('platinum')
    // @ts-expect-error not a plan
    requirePlan(['pro', 'platinum'])
  })

  it('refuses a feature that the catalog does not have', () => {
    // @ts-expect-error not a feature
    requireFeature('import')
  })

  it('meters only what is metered', () => {
    // @ts-expect-error a toggle
    meter('exports')
    // @ts-expect-error not a feature
    meter('apiCall')
  })

  it('gives a decision only behind meter', () => {
    new Hono().get('/', requireAuth(), (c) => {
      expectTypeOf(c.var.farebox.decision).toEqualTypeOf<Decision | undefined>()
      return c.body(null)
    })
  })
})

describe('meterAnyone', () => {
  it('says that there may be no caller', () => {
    const { meterAnyone } = createGates(createFarebox({ catalog, store: memoryStore() }))
    new Hono().get('/', meterAnyone('apiCalls'), (c) => {
      expectTypeOf(c.var.farebox.caller).toEqualTypeOf<Caller | null>()
      expectTypeOf(c.var.farebox.decision).toEqualTypeOf<Decision>()
      return c.body(null)
    })
    // @ts-expect-error a toggle
    meterAnyone('exports')
  })

  it('knows the features that callers without a token may have gates of', () => {
    // @ts-expect-error a toggle
    createFarebox({ catalog, store: memoryStore(), anonymous: { gates: { exports: ['1/minute'] }, trustedHops: 1 } })
  })
})
