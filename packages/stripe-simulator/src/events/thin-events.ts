import { thinOnlyEventTypes } from '../event-types.ts'
import type { StripeEvent } from '../objects.ts'
import { publishedThinEventTypes } from '../published-data.ts'
import type { Rendered } from '../responses/render.ts'
import type { Store } from '../store.ts'
import { furtherThinTypes } from './further-thin-types.ts'

/** An event of API v2: it names what changed, and the object has to be fetched. */
export interface ThinEvent {
  readonly id: string
  readonly type: string
  /** What happened, as the snapshot event tells it. */
  readonly event: StripeEvent
}

const snapshotPrefix = 'evt_1'
const places = '5ABCDEFGHIJKLMN'

/** Objects of API v2 alone begin so. */
const ownKind = 'v2.'
const thinOnly: ReadonlySet<string> = new Set(thinOnlyEventTypes)

/** Whether an event is shown by API v2 alone. */
export function isThinOnly(event: StripeEvent): boolean {
  return thinOnly.has(event.type)
}

/**
 * The thin events of one happening: the twin of the snapshot event, and those that tell more closely what changed.
 * Their ids are made from the snapshot event's: they are the same whenever they are asked for.
 */
export function thinEventsOf(event: StripeEvent): ThinEvent[] {
  const types = isThinOnly(event) ? [event.type] : [`v1.${event.type}`, ...furtherThinTypes(event)]
  return types
    .map((type, index) => ({ id: thinId(event.id, index), type, event }))
    .filter(({ type }) => publishedThinEventTypes().has(type))
}

/** The thin event with an id; undefined when there is none, or it is older than 30 days. */
export function findThinEvent(store: Store, id: string): ThinEvent | undefined {
  const match = /^evt_6[5A-N](\w+)$/.exec(id)
  const event = store.events.find(`${snapshotPrefix}${match?.[1] ?? ''}`)
  return event === undefined ? undefined : thinEventsOf(event).find((thin) => thin.id === id)
}

/** A thin event as it is answered and delivered. */
export function renderThinEvent({ id, type, event }: ThinEvent): Rendered {
  const { account, subject } = event.internal
  const related = relatedObject(event)
  return {
    id,
    object: 'v2.core.event',
    ...(account.isConnected && { context: account.id }),
    created: new Date(event.created * 1000).toISOString(),
    ...(type === 'v1.invoice.upcoming' && { data: upcomingData(subject) }),
    ...(reportOf(subject) !== undefined && { data: reportOf(subject) }),
    livemode: account.livemode,
    ...(event.request.id !== null && {
      reason: {
        request: { id: event.request.id, idempotency_key: event.request.idempotency_key ?? '' },
        type: 'request',
      },
    }),
    ...(related !== undefined && { related_object: related }),
    ...(!isThinOnly(event) && { snapshot_event: event.id }),
    type,
  }
}

function relatedObject({ type, internal: { subject } }: StripeEvent): Rendered | undefined {
  if (type === 'invoice.upcoming' || type === 'v1.billing.meter.no_meter_found') return undefined
  if (subject.object.startsWith(ownKind)) {
    return { id: subject.id, type: subject.object, url: `/v2/core/event_destinations/${subject.id}` }
  }
  return { id: subject.id, type: subject.object, url: `/v1/${subject.object.replace('.', '/')}s/${subject.id}` }
}

function upcomingData(invoice: Rendered): Rendered {
  const parent = Object(invoice['parent'])
  const subscription = Object(parent.subscription_details).subscription
  return { customer: invoice['customer'], ...(typeof subscription === 'string' && { subscription }) }
}

function reportOf(subject: Rendered): unknown {
  return Object(subject['internal']).report
}

function thinId(snapshotId: string, index: number): string {
  return `evt_6${places[index] ?? ''}${snapshotId.slice(snapshotPrefix.length)}`
}
