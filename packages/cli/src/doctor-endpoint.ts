import { thinWebhookEvents, webhookEvents } from '@farebox/core/drivers/stripe'
import type { Stripe } from 'stripe'
import { type DoctorCheck, fault, ok, warning } from './doctor-check.ts'

/** Where Stripe sends events, whichever kind of destination it is. */
export interface EndpointState {
  readonly id: string
  readonly url: string
  readonly enabled: boolean
  /** `null` where it is the account's own. */
  readonly apiVersion: string | null
  readonly events: readonly string[]
  readonly thin: boolean
}

/** The oldest version whose bodies Farebox reads, and the newest that it was tried with. */
const oldestVersion = '2024-06-20'
const newestVersion = '2026-10-28'

const route = '/webhooks/stripe'

/** Every endpoint and event destination of the account. */
export async function readEndpoints(stripe: Stripe): Promise<readonly EndpointState[]> {
  const endpoints: EndpointState[] = []
  for await (const { id, url, status, api_version: apiVersion, enabled_events: events } of stripe.webhookEndpoints.list({ limit: 100 })) {
    endpoints.push({ id, url, enabled: status === 'enabled', apiVersion, events, thin: false })
  }
  return [...endpoints, ...(await readDestinations(stripe))]
}

async function readDestinations(stripe: Stripe): Promise<readonly EndpointState[]> {
  const found: EndpointState[] = []
  try {
    for await (const destination of stripe.v2.core.eventDestinations.list({ include: ['webhook_endpoint.url'], limit: 100 })) {
      const { id, status, enabled_events: events, event_payload: payload, snapshot_api_version: version } = destination
      const url = destination.webhook_endpoint?.url
      if (url === undefined || url === null) continue
      found.push({ id, url, enabled: status === 'enabled', apiVersion: version ?? null, events, thin: payload === 'thin' })
    }
  } catch {
    // Restricted keys may not list them; then there are the endpoints.
  }
  return found
}

/** The base of the app's routes, of the one endpoint that ends as Farebox's route does. */
export function guessBase(endpoints: readonly EndpointState[]): string | undefined {
  const bases = new Set(endpoints.filter(({ url }) => url.endsWith(route)).map(({ url }) => url.slice(0, -route.length)))
  const [base] = bases
  return bases.size === 1 ? base : undefined
}

/** Whether Stripe sends the app what it needs, in a form that it reads. */
export function checkEndpoint(endpoints: readonly EndpointState[], base: string): readonly DoctorCheck[] {
  const url = `${base}${route}`
  const own = endpoints.filter((endpoint) => endpoint.url === url)
  const [endpoint] = own.toSorted((one, other) => Number(other.enabled) - Number(one.enabled))
  if (endpoint === undefined) {
    return [fault('endpoint', `Stripe sends nothing to ${url}`, `Add a webhook endpoint for ${url} in the Stripe dashboard, in the mode of this key`)]
  }
  return [
    endpoint.enabled
      ? ok('endpoint', `${endpoint.id} is enabled`)
      : fault('endpoint', `${endpoint.id} is disabled`, `Enable ${endpoint.id} in the Stripe dashboard, then run: npx farebox reconcile`),
    checkEvents(endpoint, own),
    checkVersion(endpoint),
  ]
}

/** Several may share the work: what one is not sent another one may be. */
function checkEvents({ id, enabled, thin }: EndpointState, own: readonly EndpointState[]): DoctorCheck {
  const needed = thin ? thinWebhookEvents : webhookEvents
  const isSent = (name: string): boolean => own.some((other) => {
    const plain = name.replace(/^v1\./, '')
    return other.enabled === enabled && (other.events.includes('*') || other.events.includes(other.thin ? `v1.${plain}` : plain))
  })
  const missing = needed.filter((name) => !isSent(name))
  if (missing.length === 0) return ok('events', `${id} is sent all ${needed.length} events`)
  return fault('events', `${id} is not sent ${missing.join(', ')}`, `Add ${missing.length === 1 ? 'this event' : 'these events'} to ${id} in the Stripe dashboard`)
}

function checkVersion({ id, apiVersion, thin }: EndpointState): DoctorCheck {
  if (thin) return ok('api-version', `${id} is sent thin events, which have no version`)
  if (apiVersion === null) {
    return warning('api-version', `${id} follows the account's API version`, `Give ${id} an API version of its own, so that an upgrade of the account does not change its events`)
  }
  const version = apiVersion.slice(0, newestVersion.length)
  if (version < oldestVersion) return fault('api-version', `${id} has API version ${apiVersion}`, `Give ${id} a version from ${oldestVersion} on: make a new endpoint with it`)
  if (version > newestVersion) return warning('api-version', `${id} has API version ${apiVersion}, newer than this farebox was tried with`, 'Update farebox')
  return ok('api-version', `${id} has API version ${apiVersion}`)
}
