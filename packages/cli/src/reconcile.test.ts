import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Store, createFarebox, defineCatalog, toggle, usd } from '@farebox/core'
import { stripePayments } from '@farebox/core/drivers/stripe'
import { sqliteStore } from '@farebox/core/drivers/sqlite'
import { signedStripeEvent } from '@farebox/core/testing'
import { createStripeSimulator } from '@farebox/stripe-simulator'
import { Stripe } from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { main } from './main.ts'

const core = (path: string): string => JSON.stringify(fileURLToPath(new URL(`../../core/src/${path}`, import.meta.url)))
const stripePackage = JSON.stringify(import.meta.resolve('stripe'))
const secretKey = 'sk_test_canary6b1V'
const secret = 'whsec_canary2c8T'

let folder = ''
let stripe: Stripe
let port = 0
let database: DatabaseSync
let store: Store
const endings: (() => Promise<unknown> | void)[] = []

const catalog = defineCatalog({
  features: { exports: toggle() },
  plans: { free: { name: 'Free', default: true, features: {} }, pro: { name: 'Pro', prices: { month: usd('29') }, features: { exports: true } } },
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'farebox-reconcile-'))
  const simulator = createStripeSimulator({ apiKey: secretKey })
  const listening = await simulator.listen()
  port = listening.port
  stripe = new Stripe(secretKey, { host: '127.0.0.1', port, protocol: 'http', telemetry: false })
  database = new DatabaseSync(join(folder, 'app.db'))
  store = sqliteStore({ client: database })
  endings.push(() => listening.close(), () => database.close(), () => rm(folder, { recursive: true }))
  // As an app's own file: a catalog, a store that outlives the process, and a Stripe client.
  await writeFile(join(folder, 'billing.ts'), `
    import { DatabaseSync } from 'node:sqlite'
    import { createFarebox, defineCatalog, toggle, usd } from ${core('index.ts')}
    import { sqliteStore } from ${core('drivers/sqlite/index.ts')}
    import { stripePayments } from ${core('drivers/stripe/index.ts')}
    import { Stripe } from ${stripePackage}
    export const catalog = defineCatalog({
      features: { exports: toggle() },
      plans: { free: { name: 'Free', default: true, features: {} }, pro: { name: 'Pro', prices: { month: usd('29') }, features: { exports: true } } },
    })
    const client = new Stripe('${secretKey}', { host: '127.0.0.1', port: ${port}, protocol: 'http', telemetry: false, maxNetworkRetries: 0 })
    const database = new DatabaseSync(${JSON.stringify(join(folder, 'app.db'))})
    export const farebox = createFarebox({
      catalog, appUrl: 'https://app.example', store: sqliteStore({ client: database }),
      payments: stripePayments({ client, webhookSecret: '${secret}' }),
    })
  `)
  await run(['push', '--yes'])
})

afterEach(async () => {
  for (const end of endings.splice(0)) await end()
})

async function run(args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  const said: string[] = []
  const code = await main(args, {
    folder,
    environment: { STRIPE_SECRET_KEY: secretKey, STRIPE_API_BASE: `http://127.0.0.1:${port}` },
    terminal: { print: (text) => void said.push(text), complain: (text) => void said.push(text), ask: null },
  })
  const output = said.join('\n')
  expect(output).not.toMatch(/canary|^\s+at /m)
  return { code, output }
}

async function subscribe(customer: string): Promise<string> {
  const { id } = await stripe.customers.create({ metadata: { farebox_customer: customer } })
  const { data: [price] } = await stripe.prices.list({ lookup_keys: ['farebox_pro_month'] })
  await stripe.subscriptions.create({ customer: id, items: [{ price: price?.id ?? '' }], trial_period_days: 7 })
  return id
}

describe('farebox reconcile', () => {
  it('shows what differs, changes nothing in a dry run, then repairs it in the app\'s own store', async () => {
    const paymentCustomer = await subscribe('user_1')
    const dry = await run(['reconcile', '--dry-run'])
    expect(dry).toMatchObject({ code: 2, output: expect.stringContaining(`? user_1: ${paymentCustomer} names this customer and is not linked`) })
    expect(dry.output).toContain('nothing was changed')
    expect((await store.records.load('user_1', ['customers'])).rows.customers).toEqual([])
    expect(await run(['reconcile'])).toMatchObject({ code: 0, output: expect.stringContaining('1 repaired') })
    const { rows } = await store.records.load('user_1', ['customers', 'subscriptions'])
    expect(rows).toMatchObject({ customers: [{ value: { paymentCustomer } }], subscriptions: [{ value: { plan: 'pro', status: 'trialing' } }] })
    const [entry] = rows.subscriptions
    if (entry === undefined) throw new Error('Nothing was stored')
    await store.records.commit('user_1', [{ collection: 'subscriptions', id: entry.id, value: { ...entry.value, quantity: 3 } }])
    const json = await run(['reconcile', '--json'])
    expect(json.code).toBe(0)
    expect(JSON.parse(json.output)).toMatchObject({
      outcome: 'repaired', customers: 1, cursor: null, findings: [{ kind: 'difference', customer: 'user_1', field: 'quantity', stored: 3, stripe: 1, repaired: true }],
    })
    expect(await run(['reconcile', '--rate', '100'])).toMatchObject({ code: 0, output: expect.stringContaining('1 customer compared: all is as Stripe says.') })
  })

  it('says each time of a store that knows no customer that it may be another one than the app\'s', async () => {
    await subscribe('user_1')
    const billing = await readFile(join(folder, 'billing.ts'), 'utf8')
    await writeFile(join(folder, 'memory.ts'), billing
      .replace('sqliteStore({ client: database })', 'memoryStore()')
      .replace('import { Stripe }', `import { memoryStore } from ${core('drivers/memory/index.ts')}\n    import { Stripe }`))
    for (const args of [['--dry-run'], [], []]) {
      expect((await run(['reconcile', '--config', 'memory.ts', ...args])).output).toMatch(/The store knew no customer\. .*memoryStore\(\) keeps ends with this command/)
    }
    expect(JSON.parse((await run(['reconcile', '--config', 'memory.ts', '--json'])).output)).toMatchObject({ outcome: 'repaired', hint: expect.stringContaining('memoryStore()') })
    expect((await run(['reconcile'])).output).toContain('The store knew no customer.')
    expect((await run(['reconcile'])).output).not.toContain('The store knew no customer')
    expect(JSON.parse((await run(['reconcile', '--json'])).output)).not.toHaveProperty('hint')
  })

  it('leaves to a person what only a person can mend', async () => {
    await subscribe('user_1')
    await run(['reconcile'])
    const second = await subscribe('user_1')
    const found = await run(['reconcile'])
    expect(found).toMatchObject({ code: 2, output: expect.stringContaining('1 left to you') })
    expect(found.output).toContain(second)
    expect(found.output).toContain('cancel and refund')
  })

  it('says what to do about a customer that Stripe does not know, or that names another', async () => {
    for (const name of ['user_1', 'user_2']) await subscribe(name)
    await run(['reconcile'])
    const { rows: { customers: [entry] } } = await store.records.load('user_1', ['customers'])
    if (entry === undefined) throw new Error('Nothing was stored')
    await store.records.commit('user_1', [{ ...entry, collection: 'customers', value: { ...entry.value, paymentCustomer: 'cus_gone' } }])
    const { rows: { customers: [second] } } = await store.records.load('user_2', ['customers'])
    await stripe.customers.update(second?.value.paymentCustomer ?? '', { metadata: { farebox_customer: 'somebody' } })
    const { code, output } = await run(['reconcile'])
    expect(code).toBe(2)
    expect(output).toMatch(/user_1: cannot be read: .*Stripe does not know its customer/)
    expect(output).toMatch(/user_2: cannot be read: .*names another, or none/)
  })

  it('says where to go on when Stripe does not answer', async () => {
    await subscribe('user_1')
    await run(['reconcile'])
    await endings.shift()?.()
    const stopped = await run(['reconcile'])
    expect(stopped.code).toBe(1)
    const [, cursor = ''] = /--cursor '(.*)'/.exec(stopped.output) ?? []
    expect(cursor).toContain('customers')
    expect(await run(['reconcile', '--cursor', cursor])).toMatchObject({ code: 1, output: expect.stringContaining('stopped') })
    expect(await run(['reconcile', '--cursor', 'elsewhere'])).toMatchObject({ code: 1, output: expect.stringContaining('cursor') })
  })

  it('goes on until every page was looked at, and speaks of an empty store where it began at the first one', async () => {
    await writeFile(join(folder, 'pages.ts'), `
      const unlinked = { kind: 'unlinked-customer', customer: 'user_1', paymentCustomer: 'cus_1', repaired: true }
      const pages = new Map([
        [undefined, { customers: 0, findings: [unlinked], cursor: 'second', stopped: null }],
        ['second', { customers: 0, findings: [{ ...unlinked, customer: 'user_2' }], cursor: null, stopped: null }],
      ])
      const reconcile = async ({ cursor }) => {
        const page = pages.get(cursor)
        pages.delete(cursor)
        return page
      }
      export const farebox = { reconcile, replay: async () => [], close: async () => undefined }
    `)
    const whole = JSON.parse((await run(['reconcile', '--config', 'pages.ts', '--json'])).output)
    expect(whole).toMatchObject({ outcome: 'repaired', cursor: null, findings: [{ customer: 'user_1' }, { customer: 'user_2' }], hint: expect.anything() })
    const rest = JSON.parse((await run(['reconcile', '--config', 'pages.ts', '--json', '--cursor', 'second'])).output)
    expect(rest).toMatchObject({ outcome: 'repaired', findings: [{ customer: 'user_2' }] })
    expect(rest).not.toHaveProperty('hint')
  })

  it('names what is missing: the file, the export, the setting', async () => {
    expect(await run(['reconcile', '--config', 'nothing.ts'])).toMatchObject({ code: 1, output: expect.stringContaining('nothing.ts') })
    await writeFile(join(folder, 'bare.ts'), 'export const farebox = {}')
    expect(await run(['replay', '--config', 'bare.ts'])).toMatchObject({ code: 1, output: expect.stringContaining('export const farebox = createFarebox') })
    for (const rate of ['0', '101', 'fast', '']) {
      expect(await run(['reconcile', `--rate=${rate}`])).toMatchObject({ code: 1, output: expect.stringContaining('rate: Give how many customers a second') })
    }
    expect(await run(['reconcile', '--dryrun'])).toMatchObject({ code: 1, output: expect.stringContaining('no such setting') })
    expect(await run(['reconcile', '--help'])).toMatchObject({ code: 0, output: expect.stringContaining('--dry-run') })
  })

  it('takes the farebox of `farebox.ts` before that of `billing.ts`, and names what it looked for', async () => {
    await rename(join(folder, 'billing.ts'), join(folder, 'farebox.ts'))
    await writeFile(join(folder, 'billing.ts'), 'export const farebox = {}')
    expect(await run(['replay'])).toMatchObject({ code: 0 })
    await rm(join(folder, 'farebox.ts'))
    expect(await run(['replay'])).toMatchObject({ code: 1, output: expect.stringContaining('billing.ts: Export your farebox') })
    await rm(join(folder, 'billing.ts'))
    expect(await run(['replay'])).toMatchObject({ code: 1, output: expect.stringContaining('farebox.ts: There is no such file: name the file that exports your farebox') })
  })

  it('ends although the app keeps its process alive', async () => {
    await writeFile(join(folder, 'open.ts'), "import { createServer } from 'node:net'\ncreateServer().listen(0, '127.0.0.1')\nexport * from './billing.ts'")
    const bin = fileURLToPath(new URL('./bin.ts', import.meta.url))
    const child = spawn(process.execPath, ['--conditions=@farebox/source', bin, 'reconcile', '--config', 'open.ts'], { cwd: folder, stdio: 'pipe' })
    let output = ''
    child.stdout.on('data', (chunk: Uint8Array) => (output += String(chunk)))
    child.stderr.on('data', (chunk: Uint8Array) => (output += String(chunk)))
    const code = await new Promise((resolve) => {
      child.on('exit', resolve)
    })
    expect([code, output]).toEqual([0, expect.stringContaining('all is as Stripe says')])
  })
})

describe('farebox replay', () => {
  it.each([['in-progress', 'null'], ['failed', `'payments-failed'`]])('leaves to a person what is %s', async (kind, failure) => {
    await writeFile(join(folder, 'left.ts'), `
      const event = { customer: 'user_1', event: 'evt_1', type: 'invoice.paid' }
      const replay = async () => [{ ...event, kind: 'applied', failure: null }, { ...event, kind: '${kind}', failure: ${failure} }]
      export const farebox = { replay, reconcile: async () => undefined, close: async () => undefined }
    `)
    expect(await run(['replay', '--config', 'left.ts'])).toMatchObject({ code: 2, output: expect.stringContaining('1 of 2 done') })
  })

  it('tries again what was put aside', async () => {
    const paymentCustomer = await subscribe('user_1')
    await run(['reconcile'])
    let isDown = true
    const client = new Stripe(secretKey, {
      host: '127.0.0.1', port, protocol: 'http', telemetry: false, maxNetworkRetries: 0,
      httpClient: Stripe.createFetchHttpClient(async (url, init) => {
        if (isDown) throw new Error('No network')
        return fetch(url, init)
      }),
    })
    const app = createFarebox({ catalog, appUrl: 'https://app.example', store, payments: stripePayments({ client, webhookSecret: secret }) })
    const event = JSON.stringify({
      id: 'evt_1', object: 'event', type: 'customer.subscription.updated', livemode: false, created: 1,
      data: { object: { id: 'sub_1', object: 'subscription', customer: paymentCustomer } },
    })
    for (let attempt = 0; attempt < 9; attempt += 1) {
      const { body, signature } = await signedStripeEvent({ body: event, secret, at: Date.now() })
      await app.handle(new Request('https://app.example/api/billing/webhooks/stripe', { method: 'POST', body, headers: { 'stripe-signature': signature } }))
    }
    isDown = false
    expect((await app.health()).parts.webhooks).toBe('degraded')
    expect(await run(['replay'])).toMatchObject({ code: 0, output: expect.stringMatching(/~ user_1: event evt_1 .*\n1 of 1 done\./) })
    expect((await app.health()).parts.webhooks).toBe('ok')
    expect(JSON.parse((await run(['replay', '--json'])).output)).toEqual({ outcomes: [] })
    expect((await run(['replay'])).output).toMatch(/^No event was put aside\.\n.*memoryStore\(\).*farebox\.replay\(\)/)
  })
})
