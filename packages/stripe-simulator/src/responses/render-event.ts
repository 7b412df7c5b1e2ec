import type { StripeEvent } from '../objects.ts'
import type { Store } from '../store.ts'
import { downgrade } from '../versions/downgrade.ts'
import { changedAttributes } from './changed-attributes.ts'
import { render, type Rendered } from './render.ts'
import { withLivemode } from './with-livemode.ts'

interface Settled {
  readonly after: Rendered
  readonly before: Rendered | undefined
}

/** What events were rendered to. Most events of a simulated year are never read, so it is done for those that are. */
const settledEvents = new WeakMap<StripeEvent, Settled>()

/** Fixes what an event shows, from the objects as they are stored now. */
export function settleEvent(store: Store, event: StripeEvent): Settled {
  const known = settledEvents.get(event)
  if (known !== undefined) return known
  const { subject, before } = event.internal
  const settled = { after: render(store, subject), before: before === undefined ? undefined : render(store, before) }
  settledEvents.set(event, settled)
  return settled
}

/** An event as it is answered and delivered, in the shape of an API version: by default that of its account when it happened. */
export function renderEvent(store: Store, event: StripeEvent, version: string = event.api_version): Rendered {
  const { account } = event.internal
  const settled = settleEvent(store, event)
  const shape = (rendered: Rendered): Rendered => downgrade(store, withLivemode(rendered, account.livemode), version)
  const after = shape(settled.after)
  const previous = settled.before === undefined ? undefined : changedAttributes(shape(settled.before), after)
  return {
    id: event.id,
    object: 'event',
    ...(account.isConnected && { account: account.id }),
    api_version: version,
    created: event.created,
    data: { object: after, ...(previous !== undefined && { previous_attributes: previous }) },
    livemode: account.livemode,
    pending_webhooks: event.pending_webhooks,
    request: event.request,
    type: event.type,
  }
}

/** Stores a second event about the same change, with an id of its own. */
export function repeatEvent(store: Store, event: StripeEvent, id: string): StripeEvent {
  const settled = settleEvent(store, event)
  const repeated = store.events.save({ ...event, id })
  settledEvents.set(repeated, settled)
  return repeated
}
