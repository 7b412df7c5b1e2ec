#!/usr/bin/env node
import { parseArgs } from 'node:util'
import type { Attempt } from './deliveries/deliveries.ts'
import { createStripeSimulator } from './simulator.ts'
import { apiVersions, isApiVersion } from './versions/api-versions.ts'

const usage = `stripe-simulator: a local Stripe for development and tests

  --port <number>            default 12111
  --host <address>           default 127.0.0.1; anything else lets others reach it
  --webhook-url <url>        where events are delivered
  --webhook-secret <secret>  signs the deliveries
  --thin-url <url>           where thin events are delivered, signed with the same secret
  --api-version <version>    of requests and events that name none; default: the newest
  --connect <acct_...>       an account that is connected; may be given again
  --live-keys                takes live keys, too; they see objects of their own
  --file <path>              keeps everything there; a later run goes on from it
  --seed <number>            changes the generated ids
  --now <instant>            where simulated time starts, ISO 8601; default: now
  --frozen                   simulated time moves only when it is told to
  --help
`

const options = {
  port: { type: 'string', default: '12111' },
  host: { type: 'string', default: '127.0.0.1' },
  'webhook-url': { type: 'string' },
  'webhook-secret': { type: 'string' },
  'thin-url': { type: 'string' },
  'api-version': { type: 'string' },
  connect: { type: 'string', multiple: true },
  'live-keys': { type: 'boolean', default: false },
  file: { type: 'string' },
  seed: { type: 'string', default: '1' },
  now: { type: 'string' },
  frozen: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

type Values = NonNullable<ReturnType<typeof readValues>>

const values = readValues()
const found = values === undefined || values.help ? [] : findFaults(values)
if (values?.help === true) process.stdout.write(usage)
else if (found.length > 0) refuse(found)
else if (values !== undefined) await start(values).catch((error: unknown) => refuse([messageOf(error)]))

function readValues() {
  try {
    return parseArgs({ options }).values
  } catch (error) {
    // An option that is not known, or has no value: the error says which.
    refuse([messageOf(error)])
    return undefined
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function refuse(faults: readonly string[]): void {
  process.stderr.write(`${faults.join('\n')}\n\n${usage}`)
  process.exitCode = 1
}

function findFaults(given: Values): string[] {
  const faults: string[] = []
  if (!/^\d{1,5}$/.test(given.port) || Number(given.port) > 65_535) faults.push('--port must be a number from 0 to 65535')
  if (!Number.isSafeInteger(Number(given.seed))) faults.push('--seed must be a whole number')
  if (given.now !== undefined && Number.isNaN(Date.parse(given.now))) faults.push('--now must be an ISO 8601 instant')
  const urls = urlsOf(given)
  if (urls.length > 0 !== (given['webhook-secret'] !== undefined)) {
    faults.push('--webhook-url (or --thin-url) and --webhook-secret belong together')
  }
  for (const [name, url] of urls) if (!isHttp(url)) faults.push(`--${name} must be an http URL`)
  const version = given['api-version']
  if (version !== undefined && !isApiVersion(version)) faults.push(`--api-version must be one of ${apiVersions.join(', ')}`)
  if (given.connect?.some((id) => !/^acct_\w{1,40}$/.test(id))) faults.push('--connect takes an account id, such as acct_shop')
  if (given['webhook-secret']?.trim() === '') faults.push('--webhook-secret must not be empty')
  return faults
}

/** The URLs that were given, each with the name of its option. */
function urlsOf(given: Values): [name: string, url: string][] {
  return (['webhook-url', 'thin-url'] as const).flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]]))
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}

async function start(given: Values): Promise<void> {
  const secret = given['webhook-secret'] ?? ''
  const destinations = urlsOf(given).map(([name, url]) => ({ url, secret, payload: name === 'thin-url' ? 'thin' : 'snapshot' } as const))
  const version = given['api-version']
  const simulator = createStripeSimulator({
    clock: {
      mode: given.frozen ? 'frozen' : 'running',
      ...(given.now !== undefined && { now: Date.parse(given.now) }),
    },
    seed: Number(given.seed),
    webhookEndpoints: destinations,
    deliveries: { onAttempt: tell },
    connectedAccounts: given.connect ?? [],
    liveKeys: given['live-keys'],
    ...(given.file !== undefined && { file: given.file }),
    ...(version !== undefined && { apiVersion: version }),
  })
  try {
    const listening = await simulator.listen({ port: Number(given.port), hostname: given.host })
    process.stdout.write(`Simulated Stripe on ${listening.url}\n`)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void listening.close())
  } catch (error) {
    process.stderr.write(`Cannot listen on ${given.host}:${given.port}: ${messageOf(error)}\n`)
    process.exitCode = 1
  }
}

/** What became of a delivery, so that a webhook that is refused is seen at once. Retries are told when they arrive. */
function tell({ attempt, event, outcome, status, type, url }: Attempt): void {
  if (attempt < 2 || outcome === 'delivered') process.stdout.write(`${status ?? (attempt ? 'no answer' : 'dropped')}  ${type} (${event}) to ${url}\n`)
}
