import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { changesOf, planPush } from '@farebox/core/catalog'
import { createStripeSimulator } from '@farebox/stripe-simulator'
import { Stripe } from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { applyStep } from './apply-step.ts'
import { loadCatalog } from './load-catalog.ts'
import type { ExitCode } from './command.ts'
import { main } from './main.ts'
import { readState } from './read-state.ts'

const core = fileURLToPath(new URL('../../core/src/index.ts', import.meta.url))
const secretKey = 'sk_test_canary5e7Q'

let folder = ''
let apiBase = ''
let stripe: Stripe
let writes: () => number
const endings: (() => Promise<void>)[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'farebox-push-'))
  const simulator = createStripeSimulator({ apiKey: secretKey })
  const listening = await simulator.listen()
  apiBase = listening.url
  stripe = new Stripe(secretKey, { host: '127.0.0.1', port: listening.port, protocol: 'http', telemetry: false })
  writes = () => simulator.state()['events'] ?? Number.NaN
  endings.push(() => listening.close(), () => rm(folder, { recursive: true }))
  await writeCatalog()
})

afterEach(async () => {
  await Promise.all(endings.splice(0).map((end) => end()))
})

async function writeCatalog(plans = `pro: { name: 'Pro', prices: { month: usd('29'), year: usd('290') }, features: { exports: true } },`): Promise<void> {
  await writeFile(join(folder, 'billing.ts'), `
    import { defineCatalog, toggle, usd } from ${JSON.stringify(core)}
    export const catalog = defineCatalog({
      features: { exports: toggle() },
      plans: { free: { name: 'Free', default: true, features: {} }, ${plans} },
    })
  `)
}

interface Run {
  readonly code: ExitCode
  readonly output: string
  readonly complaints: string
  readonly questions: readonly string[]
}

async function run(args: readonly string[], options: { answer?: string; environment?: Record<string, string> } = {}): Promise<Run> {
  const [output, complaints, questions]: [string[], string[], string[]] = [[], [], []]
  const { answer } = options
  const code = await main(args, {
    folder,
    environment: { STRIPE_SECRET_KEY: secretKey, STRIPE_API_BASE: apiBase, ...options.environment },
    terminal: {
      print: (text) => void output.push(text),
      complain: (text) => void complaints.push(text),
      ask: answer === undefined ? null : async (question) => {
        questions.push(question)
        return answer
      },
    },
  })
  const said = { output: output.join('\n'), complaints: complaints.join('\n') }
  expect(said.output + said.complaints).not.toContain(secretKey)
  expect(said.output + said.complaints).not.toMatch(/^\s+at /m)
  return { code, ...said, questions }
}

describe('farebox push', () => {
  it('makes Stripe sell the catalog, and does nothing the second time', async () => {
    expect(await run(['push', '--yes'])).toMatchObject({ code: 0, output: expect.stringContaining('+ price    farebox_pro_month  29.00 USD per month') })
    const prices = await stripe.prices.list({ lookup_keys: ['farebox_pro_month', 'farebox_pro_year'], expand: ['data.product'] })
    expect(prices.data.map(({ active, unit_amount, metadata, recurring, product }) => ({
      active, unit_amount, metadata, interval: recurring?.interval, product: typeof product === 'object' && product.id,
    }))).toEqual(expect.arrayContaining([
      { active: true, unit_amount: 2900, metadata: { farebox_plan: 'pro', farebox_interval: 'month' }, interval: 'month', product: 'farebox_pro' },
      { active: true, unit_amount: 29000, metadata: { farebox_plan: 'pro', farebox_interval: 'year' }, interval: 'year', product: 'farebox_pro' },
    ]))
    const before = writes()
    expect(await run(['push', '--yes'])).toMatchObject({ code: 0, output: expect.stringContaining('already sells') })
    const again = await run(['push', '--json'])
    expect(again.code).toBe(0)
    expect(JSON.parse(again.output)).toMatchObject({ mode: 'test', outcome: 'same', steps: [{ action: 'same' }, { action: 'same' }, { action: 'same' }, { action: 'same' }] })
    expect(writes()).toBe(before)
  })

  it('follows a price there and back without making a third, and deletes nothing', async () => {
    await run(['push', '--yes'])
    const [first] = (await stripe.prices.list({ lookup_keys: ['farebox_pro_month'] })).data
    await writeCatalog(`pro: { name: 'Pro', prices: { month: usd('39'), year: usd('290') }, features: {} },`)
    expect(await run(['push', '--yes'])).toMatchObject({ code: 0, output: expect.stringContaining('was 29.00 USD') })
    const [second] = (await stripe.prices.list({ lookup_keys: ['farebox_pro_month'] })).data
    expect(second).toMatchObject({ unit_amount: 3900, active: true })
    expect(await stripe.prices.retrieve(first!.id)).toMatchObject({ unit_amount: 2900, active: false, lookup_key: null })
    expect(await offeredPrices()).toContain(second!.id)
    expect(await offeredPrices()).not.toContain(first!.id)
    await writeCatalog()
    await run(['push', '--yes'])
    expect((await stripe.prices.list({ lookup_keys: ['farebox_pro_month'] })).data).toMatchObject([{ id: first!.id, active: true }])
    expect((await stripe.prices.list({ product: 'farebox_pro' })).data).toHaveLength(3)
    expect(await run(['push'])).toMatchObject({ code: 0, output: expect.stringContaining('already sells') })
  })

  it('ends right wherever an earlier push was broken off', async () => {
    await run(['push', '--yes'])
    const amounts = [39, 49, 59, 69, 79, 89]
    for (const [done, amount] of amounts.entries()) {
      await writeCatalog(`
        pro: { name: 'Pro ${amount}', prices: { month: usd('${amount}') }, features: {} },
        team${amount}: { name: 'Team', prices: { month: usd('99') }, features: {} },
      `)
      const { catalog } = await loadCatalog(folder, undefined)
      const changes = changesOf(planPush(catalog, await readState(stripe, catalog)))
      expect(changes.length).toBeGreaterThan(done)
      const prices = new Map<string, string>()
      for (const step of changes.slice(0, done)) await applyStep(stripe, step, prices)
      expect(await run(['push', '--yes'])).toMatchObject({ code: 0 })
      expect(changesOf(planPush(catalog, await readState(stripe, catalog)))).toEqual([])
      const sold = await stripe.prices.list({ product: 'farebox_pro', active: true })
      expect(sold.data.map((price) => price.unit_amount)).toEqual([amount * 100])
    }
  })

  it('finds its own things beyond the first page', async () => {
    await run(['push', '--yes'])
    for (let index = 0; index < 120; index += 1) await stripe.products.create({ name: 'Pro' })
    expect(await run(['push'])).toMatchObject({ code: 0, output: expect.stringContaining('already sells') })
  })

  it('takes an empty variable for one that is not set', async () => {
    const environment = { FAREBOX_INSTALLATION: '' }
    expect(await run(['push', '--dry-run'], { environment })).toMatchObject({ code: 0, output: expect.stringContaining('+ product  farebox_pro') })
  })

  it('takes the portal that is active, where a newer one was put out of use', async () => {
    await run(['push', '--yes'])
    const { id } = await stripe.billingPortal.configurations.create({ metadata: { farebox_portal: 'true' }, features: { invoice_history: { enabled: true } } })
    await stripe.billingPortal.configurations.update(id, { active: false })
    expect(await run(['push'])).toMatchObject({ code: 0, output: expect.stringContaining('already sells') })
  })

  it('keeps installations apart in one account', async () => {
    await run(['push', '--yes'])
    expect(await run(['push', '--yes', '--installation', 'shop'])).toMatchObject({ code: 0, output: expect.stringContaining('+ product  farebox_shop_pro') })
    expect(await run(['push'])).toMatchObject({ code: 0, output: expect.stringContaining('already sells') })
    const again = await run(['push'], { environment: { FAREBOX_INSTALLATION: 'shop' } })
    expect(again).toMatchObject({ code: 0, output: expect.stringContaining('already sells') })
  })
})

describe('what needs a yes', () => {
  it('asks at a terminal, and takes only yes for an answer', async () => {
    for (const answer of ['', 'n', 'maybe', 'yesterday']) {
      expect(await run(['push'], { answer })).toMatchObject({ code: 2, questions: ['Make these 4 changes in Stripe? [y/N] '] })
    }
    expect(writes()).toBe(0)
    expect(await run(['push'], { answer: ' Y ' })).toMatchObject({ code: 0 })
    expect(writes()).toBeGreaterThan(0)
  })

  it('changes nothing where nobody can be asked', async () => {
    expect(await run(['push'])).toMatchObject({ code: 2, complaints: expect.stringContaining('--yes') })
    expect(writes()).toBe(0)
  })

  it('changes nothing in a dry run', async () => {
    expect(await run(['push', '--dry-run', '--yes'])).toMatchObject({ code: 0, output: expect.stringContaining('nothing was changed') })
    expect(writes()).toBe(0)
  })
})

describe('what is refused', () => {
  it.each<[string, readonly string[], string]>([
    ['a command that does not exist', ['pull'], 'There are these commands: push, doctor, reconcile, replay, migrations'],
    ['a misspelt setting', ['push', '--yes', '--dryrun'], 'dryrun'],
    ['a loose word', ['push', '--yes', 'billing.ts'], 'billing.ts'],
    ['an installation with a space', ['push', '--yes', '--installation', 'my shop'], 'installation'],
    ['a file that is not there', ['push', '--yes', '--config', 'prices.ts'], 'prices.ts'],
    ['an unencrypted way to somewhere else', ['push', '--yes', '--api-base', 'http://192.0.2.1'], 'Use https'],
    ['an address with a path', ['push', '--yes', '--api-base', 'http://127.0.0.1:1/v1'], 'Give an origin'],
    ['an address with a query', ['push', '--yes', '--api-base', 'http://127.0.0.1:1/?v=1'], 'Give an origin'],
    ['an address with a name in it', ['push', '--yes', '--api-base', 'http://ann@127.0.0.1:1'], 'Give an origin'],
  ])('%s', async (_, args, told) => {
    expect(await run(args)).toMatchObject({ code: 1, output: '', complaints: expect.stringContaining(told) })
    expect(writes()).toBe(0)
  })

  it.each<[string, string, string]>([
    ['no key', '', 'STRIPE_SECRET_KEY'],
    ['a publishable key', 'pk_test_1', 'This is no secret key'],
    ['a live key for another host than Stripe', 'sk_live_canary5e7Q', 'A live key is not sent'],
    ['a key that Stripe does not know', 'sk_test_unknown123', 'does not know this secret key'],
  ])('%s', async (_, key, told) => {
    const refused = await run(['push', '--yes'], { environment: { STRIPE_SECRET_KEY: key } })
    expect(refused).toMatchObject({ code: 1, complaints: expect.stringContaining(told) })
    expect(refused.complaints).not.toContain('canary5e7Q')
    // One thing is wrong, and one thing is told.
    expect(refused.complaints.match(/STRIPE_\w+:/g) ?? []).toHaveLength(told.includes('know') ? 0 : 1)
  })

  it('a catalog with faults, all of them told, before Stripe is asked for anything', async () => {
    await writeCatalog(`pro: { name: '', prices: { month: usd('0') }, features: { exprots: true } },`)
    const refused = await run(['push', '--yes', '--json'])
    expect(refused).toMatchObject({ code: 1, output: '' })
    expect(JSON.parse(refused.complaints)).toMatchObject({
      error: { code: 'invalid-catalog', faults: [{ path: 'plans.pro.name' }, { path: 'plans.pro.prices.month' }, { path: 'plans.pro.features.exprots' }] },
    })
    expect(writes()).toBe(0)
  })

  it.each([
    ['that exports none', 'export const plans = {}', 'Export a catalog'],
    ['that exports the input of one', 'export const catalog = { features: {}, plans: {}, planList: [] }', 'Export a catalog'],
    ['that is no program', 'export const catalog = {', 'cannot be loaded'],
    ['that imports what is not there', 'import "./nowhere.ts"', 'cannot be loaded'],
  ])('a catalog file %s', async (_, text, told) => {
    await writeFile(join(folder, 'billing.ts'), text)
    expect(await run(['push', '--yes'])).toMatchObject({ code: 1, complaints: expect.stringContaining(told) })
  })

  it('a file that throws its own key, which is told neither to people nor to programs', async () => {
    await writeFile(join(folder, 'billing.ts'), `throw new Error('No account for\\n${secretKey}')`)
    for (const args of [['push'], ['push', '--json']]) {
      expect(await run(args)).toMatchObject({ code: 1, complaints: expect.stringContaining('sk_test_...') })
    }
  })

  it('Stripe that is not there', async () => {
    const environment = { STRIPE_API_BASE: 'http://127.0.0.1:9' }
    expect(await run(['push', '--yes'], { environment })).toMatchObject({ code: 1, complaints: expect.stringContaining('could not be reached') })
  })
})

describe('the program', () => {
  it('explains itself', async () => {
    expect(await run(['push', '--help'])).toMatchObject({ code: 0, output: expect.stringContaining('--dry-run') })
    expect(await run([])).toMatchObject({ code: 0, output: expect.stringContaining('push') })
    expect(await run(['--version'])).toMatchObject({ code: 0, output: expect.stringMatching(/^\d+\.\d+\.\d+\s*$/) })
  })

  it.each(['src', 'lib', 'src/lib'])('looks for the catalog in %s too', async (place) => {
    await rm(join(folder, 'billing.ts'))
    await mkdir(join(folder, place), { recursive: true })
    const text = `import { defineCatalog } from ${JSON.stringify(core)}
      export const catalog = defineCatalog({ features: {}, plans: { free: { name: 'Free', default: true, features: {} } } })`
    await writeFile(join(folder, place, 'billing.js'), text)
    expect(await run(['push', '--dry-run'])).toMatchObject({ code: 0, output: expect.stringContaining(`${place}/billing.js to Stripe, test mode`) })
  })

  it('is a process that ends with the code', async () => {
    expect(await exitCode(['push'])).toBe(2)
    expect(await exitCode(['push', '--yes'])).toBe(0)
    expect(await exitCode(['push'])).toBe(0)
    expect(await exitCode(['push', '--config', 'nowhere.ts'])).toBe(1)
  })
})

async function offeredPrices(): Promise<readonly string[]> {
  const { data } = await stripe.billingPortal.configurations.list({ expand: ['data.features.subscription_update.products'] })
  return data.flatMap(({ features }) => (features.subscription_update.products ?? []).flatMap(({ prices }) => prices))
}

function exitCode(args: readonly string[]): Promise<number | null> {
  return new Promise((resolve) => {
    const bin = fileURLToPath(new URL('bin.ts', import.meta.url))
    const environment = { PATH: process.env['PATH'] ?? '', STRIPE_SECRET_KEY: secretKey, STRIPE_API_BASE: apiBase }
    spawn(process.execPath, ['--conditions=@farebox/source', bin, ...args], { cwd: folder, env: environment, stdio: 'ignore' })
      .on('exit', resolve)
  })
}
