import { Stripe } from 'stripe'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createStripeSimulator } from '../src/index.ts'
import { createPlan, idOf, refusalOf, startSimulator, subscribe } from './running-simulator.ts'

const key = { authorization: 'Bearer sk_test_x' }

const send = async (path: string, body: string): Promise<{ status: number; code: unknown; param: unknown }> => {
  const headers = { ...key, 'content-type': 'application/x-www-form-urlencoded' }
  const response = await createStripeSimulator().fetch(new Request(`http://stripe.test${path}`, { method: 'POST', headers, body }))
  const { error = {} } = Object(await response.json())
  return { status: response.status, code: error.code, param: error.param }
}

const ids = async (seed: number): Promise<string[]> => {
  const running = await startSimulator({ seed })
  const { month } = await createPlan(running.stripe)
  const { customer, subscription } = await subscribe(running, month.id)
  const { data } = await running.stripe.events.list({ limit: 100 })
  return [customer.id, subscription.id, ...data.map((event) => event.id)]
}

describe('who may ask', () => {
  test('a key is needed, a live key is refused, a configured key is the only one', async () => {
    const open = createStripeSimulator()
    const status = async (simulator: typeof open, authorization?: string): Promise<number> => {
      const headers = authorization === undefined ? {} : { authorization }
      return (await simulator.fetch(new Request('http://stripe.test/v1/products', { headers }))).status
    }
    expect(await status(open)).toBe(401)
    expect(await status(open, 'Bearer sk_live_x')).toBe(401)
    expect(await status(open, 'Bearer ')).toBe(401)
    expect(await status(open, 'Bearer sk_test_x')).toBe(200)
    expect(await status(open, `Basic ${btoa('sk_test_x:')}`)).toBe(200)
    const own = createStripeSimulator({ apiKey: 'sk_test_own' })
    expect(await status(own, 'Bearer sk_test_x')).toBe(401)
    expect(await status(own, 'Bearer sk_test_own')).toBe(200)
    expect(await status(createStripeSimulator({ apiKey: 'sk_live_own' }), 'Bearer sk_live_own')).toBe(401)
  })

  test('a refusal never shows the key', async () => {
    const simulator = createStripeSimulator({ apiKey: 'sk_test_own' })
    const headers = { authorization: 'Bearer sk_test_canary4711' }
    const response = await simulator.fetch(new Request('http://stripe.test/v1/products', { headers }))
    expect(await response.text()).not.toContain('canary4711')
  })

  test('an API version or an account that is not known is refused as Stripe does', async () => {
    const simulator = createStripeSimulator()
    const ask = async (header: object): Promise<Response> =>
      simulator.fetch(new Request('http://stripe.test/v1/products', { headers: { ...key, ...header } }))
    for (const version of ['2019-2-19', '2024-06-19', '2026-10-28', '2026-10-28.basil', '2026-10-28.endive, 2026-10-28.endive']) {
      const refused = await ask({ 'stripe-version': version })
      expect(refused.status).toBe(400)
      expect(await refused.json()).toEqual({ error: { type: 'invalid_request_error', message: `Invalid Stripe API version: ${version}` } })
    }
    for (const name of ['stripe-account', 'stripe-context']) {
      const refused = await ask({ [name]: 'acct_1' })
      expect([refused.status, Object(await refused.json()).error.code]).toEqual([403, 'account_invalid'])
    }
    const pinned = await ask({ 'stripe-version': '2024-06-20' })
    expect([pinned.status, pinned.headers.get('stripe-version')]).toEqual([200, '2024-06-20'])
  })
})

describe('what is not simulated', () => {
  test('says so by name, for paths, parameters and fields', async () => {
    const { stripe } = await startSimulator()
    const refusals = await Promise.all([
      refusalOf(stripe.customers.search({ query: 'email:"a"' })),
      refusalOf(stripe.quotes.list()),
      refusalOf(stripe.rawRequest('GET', '/v1/made_up')),
      refusalOf(stripe.customers.create({ tax_exempt: 'exempt' })),
    ])
    for (const refusal of refusals) expect(refusal).toMatchObject({ statusCode: 501, code: 'simulator_unsupported' })
    expect(refusals.map(({ message }) => message)).toEqual([
      'The simulator does not simulate GET /v1/customers/search.',
      'The simulator does not simulate GET /v1/quotes.',
      'The simulator does not simulate GET /v1/made_up.',
      'The simulator does not simulate the parameter tax_exempt here.',
    ])
  })
})

describe('parameters', () => {
  test('are refused by the published schema', async () => {
    const cases: [string, string, string | undefined, string][] = [
      ['/v1/products', 'nme=Pro', 'parameter_unknown', 'nme'],
      ['/v1/products', 'name=', 'parameter_invalid_empty', 'name'],
      ['/v1/products', 'active=true', 'parameter_missing', 'name'],
      ['/v1/products', 'name=Pro&active=yes', undefined, 'active'],
      ['/v1/products', 'name[x]=Pro', undefined, 'name'],
      ['/v1/products', 'name=Pro&metadata=x', undefined, 'metadata'],
      ['/v1/products', 'name=Pro&images=x', undefined, 'images'],
      ['/v1/products', `name=${'x'.repeat(5001)}`, undefined, 'name'],
      ['/v1/products', `name=Pro&metadata[${'k'.repeat(41)}]=v`, undefined, 'metadata'],
      ['/v1/products', `name=Pro&metadata[k]=${'v'.repeat(501)}`, undefined, 'metadata[k]'],
      ['/v1/products', 'name=Pro&metadata[k', undefined, 'metadata[k'],
      ['/v1/products', '__proto__[x]=1&name=Pro', 'parameter_unknown', '__proto__'],
      ['/v1/products', `name=Pro${'&a'.repeat(1)}${'[a]'.repeat(20)}=1`, undefined, `a${'[a]'.repeat(20)}`],
      ['/v1/checkout/sessions', 'mode=rent', undefined, 'mode'],
      ['/v1/checkout/sessions', 'line_items[0][price]=a&line_items[x][price]=b&mode=payment', 'simulator_unsupported', 'line_items[x]'],
    ]
    for (const [path, body, code, param] of cases) {
      const answer = await send(path, body)
      expect({ body, code: answer.code, param: answer.param }).toEqual({ body, code, param })
      expect([400, 501]).toContain(answer.status)
    }
  })

  test('metadata takes any key as it is', async () => {
    const { stripe } = await startSimulator()
    const metadata = JSON.parse('{"__proto__":"x","constructor":"y","1":"z","a.b":"c"}')
    const product = await stripe.products.create({ name: 'Pro', metadata })
    expect(new Map(Object.entries(product.metadata))).toEqual(new Map(Object.entries(metadata)))
  })
})

describe('expand', () => {
  test('goes four levels deep', async () => {
    const { stripe } = await startSimulator()
    const deep = 'data.latest_invoice.subscription.customer.invoice_settings.default_payment_method'
    expect((await refusalOf(stripe.subscriptions.list({ expand: [deep] }))).message).toContain('4 levels')
  })

  test('fills in objects, through lists and several levels', async () => {
    const running = await startSimulator()
    const { stripe } = running
    const { month, product } = await createPlan(stripe)
    const { customer, subscription } = await subscribe(running, month.id)
    const expanded = await stripe.subscriptions.list({
      customer: customer.id,
      expand: ['data.latest_invoice.payments', 'data.customer', 'data.items.data.price.product', 'data.default_payment_method'],
    })
    expect(expanded.data[0]).toMatchObject({
      customer: { id: customer.id, email: 'ada@example.com' },
      default_payment_method: { object: 'payment_method' },
      latest_invoice: { status: 'paid', payments: { data: [{ object: 'invoice_payment', amount_paid: 2900 }] } },
      items: { data: [{ price: { product: { id: product.id, name: 'Pro' } } }] },
    })
    const invoice = await stripe.invoices.retrieve(idOf(subscription.latest_invoice), {
      expand: ['parent.subscription_details.subscription', 'customer.subscriptions'],
    })
    expect(invoice).toMatchObject({
      parent: { subscription_details: { subscription: { id: subscription.id } } },
      customer: { subscriptions: { data: [{ id: subscription.id }] } },
    })
  })

  test('what cannot be expanded is refused before anything is written', async () => {
    const { simulator, stripe } = await startSimulator()
    for (const path of ['status', 'nothing', 'metadata.x']) {
      const refusal = await refusalOf(stripe.customers.create({ expand: [path] }))
      expect(refusal).toMatchObject({ statusCode: 400, param: 'expand' })
    }
    expect((await refusalOf(stripe.customers.list({ expand: ['subscriptions'] }))).statusCode).toBe(400)
    expect((await refusalOf(stripe.customers.create({ expand: ['sources'] }))).statusCode).toBe(501)
    expect(simulator.state()['customers']).toBe(0)
  })
})

describe('idempotency keys', () => {
  test('the same request is answered once, refusals included', async () => {
    const { simulator, stripe } = await startSimulator()
    const first = await stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'one' })
    const again = await stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'one' })
    expect(again.id).toBe(first.id)
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true')
    expect(simulator.state()['customers']).toBe(1)

    const { month } = await createPlan(stripe)
    const request = { customer: first.id, items: [{ price: month.id }] }
    const refused = await refusalOf(stripe.subscriptions.create(request, { idempotencyKey: 'two' }))
    expect(refused.code).toBe('resource_missing')
    await stripe.customers.update(first.id, { invoice_settings: { default_payment_method: 'pm_card_visa' } })
    const replayed = await refusalOf(stripe.subscriptions.create(request, { idempotencyKey: 'two' }))
    expect(replayed.code).toBe('resource_missing')
    expect((await stripe.subscriptions.create(request, { idempotencyKey: 'three' })).status).toBe('active')
  })

  test('other parameters under the same key are an error, a refused request leaves its key free', async () => {
    const { stripe } = await startSimulator()
    await stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'one' })
    const other = await refusalOf(stripe.customers.create({ name: 'Eve' }, { idempotencyKey: 'one' }))
    expect(other).toMatchObject({ statusCode: 400, type: 'StripeIdempotencyError' })
    await refusalOf(stripe.products.create({ name: '' }, { idempotencyKey: 'two' }))
    expect((await stripe.products.create({ name: 'Pro' }, { idempotencyKey: 'two' })).name).toBe('Pro')
  })

  test('a request that still runs holds its key', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const { simulator, stripe } = await startSimulator({ latencyMs: 3000 })
    const refused: unknown[] = []
    const asked = Array.from({ length: 5 }, async () =>
      stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'one' }).catch(({ statusCode, code }: Stripe.errors.StripeError) => void refused.push([statusCode, code])),
    )
    await expect.poll(() => refused).toEqual(Array.from({ length: 4 }, () => [409, 'idempotency_key_in_use']))
    await vi.advanceTimersByTimeAsync(3000)
    await Promise.all(asked)
    expect(refused).toHaveLength(4)
    expect(simulator.state()['customers']).toBe(1)
  })
})

describe('simulators', () => {
  test('share nothing', async () => {
    const [left, right] = [await startSimulator(), await startSimulator()]
    const customer = await left.stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'one' })
    expect(right.simulator.state()['customers']).toBe(0)
    expect((await refusalOf(right.stripe.customers.retrieve(customer.id))).statusCode).toBe(404)
    const other = await right.stripe.customers.create({ name: 'Eve' }, { idempotencyKey: 'one' })
    expect(other.name).toBe('Eve')
    left.simulator.clock.advance({ years: 1 })
    expect(right.simulator.clock.now()).toBeLessThan(left.simulator.clock.now())
  })

  test('the same seed and the same calls make the same ids, another seed others', async () => {
    expect(await ids(7)).toEqual(await ids(7))
    expect(await ids(8)).not.toEqual(await ids(7))
  })

  test('every answer carries a request id, errors in the shape of Stripe', async () => {
    const { stripe } = await startSimulator()
    const customer = await stripe.customers.create({})
    expect(customer.lastResponse.requestId).toMatch(/^req_/)
    expect(customer.lastResponse.apiVersion).toBe('2026-10-28.endive')
    const refusal = await refusalOf(stripe.customers.retrieve('cus_none'))
    expect(refusal).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError)
    expect(refusal.requestId).toMatch(/^req_/)
  })
})
