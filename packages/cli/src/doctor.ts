import type { Catalog } from '@farebox/core'
import { type Installation, changesOf, planPush } from '@farebox/core/catalog'
import { customerMetadata, installationMetadata } from '@farebox/core/drivers/stripe'
import { Stripe } from 'stripe'
import { type ConnectOptions, type Connection, connectStripe } from './connect-stripe.ts'
import { describeFailure } from './describe-failure.ts'
import { describeStep } from './describe-step.ts'
import { checkApp } from './doctor-app.ts'
import { type DoctorCheck, checkClock, fault, ok, skipped } from './doctor-check.ts'
import { checkEndpoint, guessBase, readEndpoints } from './doctor-endpoint.ts'
import { loadCatalog } from './load-catalog.ts'
import { readState } from './read-state.ts'
import type { Terminal } from './terminal.ts'

/** What `farebox doctor` is asked to look at. */
export interface DoctorOptions extends ConnectOptions {
  readonly folder: string
  readonly config: string | undefined
  readonly installation: string | undefined
  /** The base of the app's billing routes; without it that of the one endpoint at Stripe that ends in `/webhooks/stripe`. */
  readonly url: string | undefined
  readonly webhookSecret: string | undefined
  readonly json: boolean
  readonly now?: () => number
}

/**
 * Looks at everything that has to be right between Stripe, the app and this catalog, and says of each fault how to mend it.
 * Writes nothing to Stripe. To the app it sends one event about a customer that there is, which makes it read that customer.
 *
 * @throws FareboxError for a faulty catalog or configuration.
 */
export async function doctor(options: DoctorOptions, terminal: Terminal): Promise<'well' | 'faulty'> {
  const { json, installation } = options
  const { stripe, mode } = connectStripe(options)
  const { catalog, file } = await loadCatalog(options.folder, options.config)
  const checks: DoctorCheck[] = []
  if (!json) terminal.print(`${file}, ${mode} mode\n`)
  const isReached = await tell(async () => [await checkAccount(stripe, options.now ?? Date.now)])
  let base = trimmed(options.url)
  await tell(async () => {
    if (!isReached) return [skipped('endpoint', unreached)]
    const endpoints = await readEndpoints(stripe)
    base ??= guessBase(endpoints)
    if (base !== undefined) return checkEndpoint(endpoints, base)
    return [fault('endpoint', 'No single endpoint at Stripe ends in /webhooks/stripe', 'Add one in the dashboard, or say where the billing routes are with --url')]
  }, 'endpoint')
  await tell(() => lookAtApp({ stripe, mode }, base), 'app')
  await tell(async () => (isReached ? checkCatalog(stripe, catalog, installation) : [skipped('catalog', unreached)]), 'catalog')
  const count = (wanted: DoctorCheck['state']): number => checks.filter(({ state }) => state === wanted).length
  const faults = count('fault')
  if (json) terminal.print(JSON.stringify({ file, mode, url: base ?? null, outcome: faults === 0 ? 'well' : 'faulty', checks }, null, 2))
  else terminal.print(`\n${conclusionOf(faults, count('warning'))}`)
  return faults === 0 ? 'well' : 'faulty'

  async function lookAtApp(connection: Connection, found: string | undefined): Promise<readonly DoctorCheck[]> {
    if (found === undefined) return [skipped('app', 'Nobody said where the app is')]
    const { webhookSecret, now = Date.now } = options
    const paymentCustomer = isReached ? await findOwnCustomer(connection.stripe, installation) : undefined
    return checkApp({ base: found, webhookSecret: webhookSecret?.trim(), mode, paymentCustomer, now })
  }

  /** One part that fails leaves the others to be looked at. Answers whether it could be looked at. */
  async function tell(look: () => Promise<readonly DoctorCheck[]>, name = 'stripe'): Promise<boolean> {
    let isSeen = true
    const found = await look().catch((error: unknown) => {
      isSeen = false
      return [fault(name, describeFailure(error, false), fixOf(error))]
    })
    checks.push(...found)
    if (!json) for (const check of found) terminal.print(describe(check))
    return isSeen
  }
}

const unreached = 'Stripe could not be asked'

function fixOf(error: unknown): string {
  if (error instanceof Stripe.errors.StripeConnectionError) return 'Look at the network and its proxies, and at --api-base and STRIPE_API_BASE'
  return 'Look at STRIPE_SECRET_KEY: a restricted key needs to read products, prices, customers, portal configurations and webhook endpoints'
}

function describe({ name, state, found, fix }: DoctorCheck): string {
  const line = `${marks[state]} ${name.padEnd(12)} ${found}`
  return fix === null ? line : `${line}\n  ${' '.repeat(12)} -> ${fix}`
}

const marks: Readonly<Record<DoctorCheck['state'], string>> = { ok: '=', fault: '!', warning: '~', skipped: '-' }

async function checkAccount(stripe: Stripe, now: () => number): Promise<DoctorCheck> {
  const { lastResponse } = await stripe.products.list({ limit: 1 })
  // An object on Node; elsewhere `stripe` has a Headers there, whatever its types say.
  return checkClock('stripe-clock', 'Stripe', new Headers(lastResponse.headers).get('date'), now())
}

async function checkCatalog(stripe: Stripe, catalog: Catalog, installation: Installation): Promise<readonly DoctorCheck[]> {
  const changes = changesOf(planPush(catalog, await readState(stripe, catalog, installation), installation))
  const [portal, sold] = [changes.filter(({ kind }) => kind === 'portal'), changes.filter(({ kind }) => kind !== 'portal')]
  return [
    sold.length === 0
      ? ok('catalog', 'Stripe sells what the catalog says')
      : fault('catalog', `Stripe sells something else: ${sold.map((step) => describeStep(step).replaceAll(/ +/g, ' ')).join('; ')}`, 'Run npx farebox push'),
    portal.length === 0
      ? ok('portal', 'Customers can switch and cancel in the portal')
      : fault('portal', 'The portal is not configured as the catalog says', 'Run npx farebox push'),
  ]
}

/** The newest of Stripe's customers that names one of this app, among the last hundred. */
async function findOwnCustomer(stripe: Stripe, installation: Installation): Promise<string | null> {
  const { data } = await stripe.customers.list({ limit: 100 })
  const own = data.find(({ metadata }) => metadata[customerMetadata] !== undefined && metadata[installationMetadata] === installation)
  return own?.id ?? null
}

function trimmed(url: string | undefined): string | undefined {
  return url === undefined || url === '' ? undefined : url.replace(/\/+$/, '')
}

function conclusionOf(faults: number, warnings: number): string {
  if (faults > 0) return `${faults} ${faults === 1 ? 'fault' : 'faults'}.`
  if (warnings === 0) return 'All is well.'
  return `It works; ${warnings === 1 ? 'one thing is' : `${warnings} things are`} better changed.`
}
