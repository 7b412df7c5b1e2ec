import type { Account } from '../account.ts'
import { invalidRequest } from '../errors.ts'
import { get } from '../get.ts'
import type { WebhookEndpoint } from '../objects.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { render } from '../responses/render.ts'
import { isApiVersion } from '../versions/api-versions.ts'
import { listRoute } from './list-route.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { route, type Routes } from './route.ts'

interface EndpointFields {
  readonly description?: string | null
  readonly enabled_events?: readonly string[]
  readonly metadata?: MetadataChange | null
  readonly url?: string
}

/** What a new endpoint is made of; without a secret one is made up. */
export interface NewWebhookEndpoint extends EndpointFields {
  readonly enabled_events: readonly string[]
  readonly url: string
  readonly api_version?: string
  readonly connect?: boolean
  readonly secret?: string
}

export const webhookEndpointRoutes: Routes = {
  'webhook-endpoints.create': route<NewWebhookEndpoint>({
    supports: ['api_version', 'connect', 'enabled_events', 'metadata', 'url'],
    echoes: ['description'],
    handle({ account, parameters }) {
      const endpoint = createEndpoint(account, parameters)
      return { ...render(account.store, endpoint), secret: endpoint.internal.secrets[0]?.secret }
    },
  }),
  'webhook-endpoints.retrieve': retrieveRoute('webhookEndpoints'),
  'webhook-endpoints.update': route<EndpointFields & { readonly disabled?: boolean }>({
    supports: ['disabled', 'enabled_events', 'metadata', 'url'],
    echoes: ['description'],
    handle({ account, id, parameters }) {
      const before = get(account.store.webhookEndpoints, id)
      const { disabled, metadata, ...given } = parameters
      if (given.url !== undefined) requireUrl(given.url)
      const after = account.store.webhookEndpoints.save({
        ...before,
        ...given,
        metadata: changeMetadata(before.metadata, metadata),
        ...(disabled !== undefined && { status: disabled ? 'disabled' : 'enabled' }),
      })
      return render(account.store, after)
    },
  }),
  'webhook-endpoints.del': route({
    handle({ account, id }) {
      get(account.store.webhookEndpoints, id)
      account.store.webhookEndpoints.remove(id)
      return { id, object: 'webhook_endpoint', deleted: true }
    },
  }),
  'webhook-endpoints.list': listRoute('webhookEndpoints', { fields: [] }),
}

/** Stores a new endpoint; from now on it is sent the events it is enabled for, in the shape of its API version. */
export function createEndpoint(account: Account, given: NewWebhookEndpoint): WebhookEndpoint {
  requireUrl(given.url)
  if (given.api_version !== undefined) requireVersion(given.api_version, 'api_version')
  return account.store.webhookEndpoints.save({
    id: account.identifiers.next('we'),
    object: 'webhook_endpoint',
    api_version: given.api_version ?? null,
    application: null,
    created: account.clock.seconds(),
    description: given.description ?? null,
    enabled_events: given.enabled_events,
    livemode: false,
    metadata: changeMetadata({}, given.metadata),
    status: 'enabled',
    url: given.url,
    internal: {
      secrets: [{ secret: given.secret ?? account.identifiers.next('whsec'), until: null }],
      connect: given.connect ?? false,
    },
  })
}

/** Refuses versions that the simulator does not speak. */
export function requireVersion(version: string, param: string): void {
  if (!isApiVersion(version)) throw invalidRequest(`Invalid Stripe API version: ${version.slice(0, 40)}`, { param })
}

/** Refuses what is no http URL. */
export function requireUrl(url: string, param = 'url'): void {
  const isHttp = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
  if (!isHttp) throw invalidRequest(`Not a valid URL: ${url.slice(0, 100)}`, { code: 'url_invalid', param })
}
