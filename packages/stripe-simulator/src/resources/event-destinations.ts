import type { Account } from '../account.ts'
import { apiVersion } from '../api-version.ts'
import { ofDestination } from '../deliveries/listener.ts'
import { invalidRequest, missingParameter, unsupported } from '../errors.ts'
import { renderThinEvent, thinEventsOf } from '../events/thin-events.ts'
import { get } from '../get.ts'
import type { EventDestination } from '../objects.ts'
import { publishedThinEventTypes, publishedEventTypes } from '../published-data.ts'
import { changeMetadata, type MetadataChange } from '../requests/metadata.ts'
import { listPageOfV2, type PageParametersOfV2 } from '../responses/paginate-v2.ts'
import { render, type Rendered } from '../responses/render.ts'
import { route, type Routes } from './route.ts'
import { requireUrl, requireVersion } from './webhook-endpoints.ts'

interface DestinationFields {
  readonly description?: string | null
  readonly enabled_events?: readonly string[]
  readonly include?: readonly string[]
  readonly metadata?: MetadataChange | null
  readonly name?: string
  readonly webhook_endpoint?: { readonly url: string }
}

/** What a new destination is made of; without a secret one is made up. */
export interface NewEventDestination extends DestinationFields {
  readonly enabled_events: readonly string[]
  readonly event_payload: 'snapshot' | 'thin'
  readonly events_from?: readonly string[]
  readonly name: string
  readonly snapshot_api_version?: string
  readonly type: string
  readonly secret?: string
}

const sources = ['@self', '@accounts', 'self', 'other_accounts']

export const eventDestinationRoutes: Routes = {
  'v2-core-event-destinations.create': route<NewEventDestination>({
    supports: [
      'enabled_events', 'event_payload', 'events_from', 'include', 'metadata', 'name', 'snapshot_api_version', 'type', 'webhook_endpoint.url',
    ],
    echoes: ['description'],
    handle: ({ account, parameters }) => show(account, createDestination(account, parameters), parameters.include),
  }),
  'v2-core-event-destinations.retrieve': route<{ readonly include?: readonly string[] }>({
    supports: ['include'],
    handle: ({ account, id, parameters }) => show(account, get(account.store.eventDestinations, id), parameters.include),
  }),
  'v2-core-event-destinations.update': route<DestinationFields>({
    supports: ['enabled_events', 'include', 'metadata', 'name', 'webhook_endpoint.url'],
    echoes: ['description'],
    handle({ account, id, parameters }) {
      const before = get(account.store.eventDestinations, id)
      const { include, metadata, webhook_endpoint: endpoint, description, ...given } = parameters
      if (given.enabled_events !== undefined) requireTypes(given.enabled_events, before.event_payload)
      if (endpoint !== undefined) requireUrl(endpoint.url, 'webhook_endpoint[url]')
      const after = change(account, before, {
        ...given,
        ...(description !== undefined && { description: description ?? '' }),
        metadata: changeMetadata(Object(before['metadata']), metadata),
        internal: { ...before.internal, url: endpoint?.url ?? before.internal.url },
      })
      return show(account, after, include)
    },
  }),
  'v2-core-event-destinations.disable': route({
    handle({ account, id }) {
      const before = get(account.store.eventDestinations, id)
      return show(account, change(account, before, { status: 'disabled', status_details: { disabled: { reason: 'user' } } }))
    },
  }),
  'v2-core-event-destinations.enable': route({
    handle({ account, id }) {
      const { status_details: _details, ...before } = get(account.store.eventDestinations, id)
      return show(account, change(account, before, { status: 'enabled' }))
    },
  }),
  'v2-core-event-destinations.del': route({
    handle({ account, id }) {
      get(account.store.eventDestinations, id)
      account.store.eventDestinations.remove(id)
      return { id, object: 'v2.core.event_destination' }
    },
  }),
  'v2-core-event-destinations.list': route<PageParametersOfV2 & { readonly include?: readonly string[] }>({
    supports: ['include', 'limit', 'page'],
    handle({ account, parameters }) {
      const found = account.store.eventDestinations.newestFirst()
      return listPageOfV2(found, parameters, '/v2/core/event_destinations', (one) => show(account, one, parameters.include))
    },
  }),
  'v2-core-event-destinations.ping': route({
    answers: 'v2.core.event',
    isShaped: true,
    handle({ account, simulation, id }) {
      const destination = get(account.store.eventDestinations, id)
      account.emit('v2.core.event_destination.ping', destination)
      const [event] = account.store.events.newestFirst()
      const [thin] = event === undefined ? [] : thinEventsOf(event)
      if (event === undefined || thin === undefined) throw unsupported('this ping')
      simulation.deliveries.sendTo(ofDestination(destination), account, event)
      return renderThinEvent(thin)
    },
  }),
}

/** Stores a new destination; from now on it is sent the events it is enabled for. */
export function createDestination(account: Account, given: NewEventDestination): EventDestination {
  if (given.type !== 'webhook_endpoint') throw unsupported(`event destinations of the type ${given.type}`, 'type')
  if (given.webhook_endpoint === undefined) throw missingParameter('webhook_endpoint')
  if (given.event_payload === 'thin' && given.snapshot_api_version !== undefined) {
    throw invalidRequest('snapshot_api_version goes with snapshot payloads alone.', { param: 'snapshot_api_version' })
  }
  if (given.snapshot_api_version !== undefined) requireVersion(given.snapshot_api_version, 'snapshot_api_version')
  requireUrl(given.webhook_endpoint.url, 'webhook_endpoint[url]')
  requireTypes(given.enabled_events, given.event_payload)
  const from = given.events_from ?? ['@self']
  const unknown = from.find((source) => !sources.includes(source))
  if (unknown !== undefined) throw unsupported(`events from ${unknown}`, 'events_from')
  const now = isoNow(account)
  const version = given.event_payload === 'snapshot' ? (given.snapshot_api_version ?? apiVersion) : undefined
  return account.store.eventDestinations.save({
    id: account.identifiers.next('ed'),
    object: 'v2.core.event_destination',
    created: account.clock.seconds(),
    description: given.description ?? '',
    enabled_events: given.enabled_events,
    event_payload: given.event_payload,
    events_from: from,
    livemode: false,
    metadata: changeMetadata({}, given.metadata),
    name: given.name,
    ...(version !== undefined && { snapshot_api_version: version }),
    status: 'enabled',
    type: given.type,
    updated: now,
    internal: {
      eventsFrom: from.map((source) => (source === 'self' ? '@self' : source === 'other_accounts' ? '@accounts' : source)),
      secrets: [{ secret: given.secret ?? account.identifiers.next('whsec'), until: null }],
      snapshotApiVersion: version,
      url: given.webhook_endpoint.url,
    },
  })
}

function change(account: Account, before: EventDestination, changes: Partial<EventDestination>): EventDestination {
  return account.store.eventDestinations.save({ ...before, ...changes, updated: isoNow(account) })
}

function show(account: Account, destination: EventDestination, include: readonly string[] = []): Rendered {
  const { secrets, url } = destination.internal
  const shown = {
    ...(include.includes('webhook_endpoint.signing_secret') && { signing_secret: secrets[0]?.secret }),
    ...(include.includes('webhook_endpoint.url') && { url }),
  }
  return {
    ...render(account.store, destination),
    created: new Date(destination.created * 1000).toISOString(),
    webhook_endpoint: shown,
  }
}

function requireTypes(types: readonly string[], payload: 'snapshot' | 'thin'): void {
  const known = payload === 'thin' ? publishedThinEventTypes() : new Set(Object.keys(publishedEventTypes()))
  const unknown = types.find((type) => type !== '*' && !known.has(type))
  if (unknown === undefined) return
  throw invalidRequest(`Unknown event type for ${payload} payloads: ${unknown.slice(0, 100)}`, { param: 'enabled_events' })
}

function isoNow(account: Account): string {
  return new Date(account.clock.seconds() * 1000).toISOString()
}
