import type { Account } from '../account.ts'
import type { Meter } from '../billing-objects.ts'
import { invalidRequest } from '../errors.ts'
import { get, getCustomer } from '../get.ts'
import { changeObject } from '../lifecycle/change-object.ts'
import { usageOf } from '../lifecycle/meters/usage.ts'
import { listHeld, type PageParameters } from '../responses/paginate.ts'
import { render, type Rendered } from '../responses/render.ts'
import { listRoute } from './list-route.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { pageParameters, route, type Routes } from './route.ts'

interface NewMeter {
  readonly customer_mapping?: { readonly event_payload_key: string; readonly type: 'by_id' }
  readonly default_aggregation: Meter['default_aggregation']
  readonly display_name: string
  readonly event_name: string
  readonly event_time_window?: 'day' | 'hour'
  readonly value_settings?: { readonly event_payload_key: string }
}

interface Summaries extends PageParameters {
  readonly customer: string
  readonly end_time: number
  readonly start_time: number
  readonly value_grouping_window?: 'day' | 'hour'
}

export const meterRoutes: Routes = {
  'billing-meters.create': route<NewMeter>({
    supports: ['customer_mapping', 'default_aggregation', 'display_name', 'event_name', 'value_settings'],
    echoes: ['event_time_window'],
    handle: ({ account, parameters }) => render(account.store, createMeter(account, parameters)),
  }),
  'billing-meters.retrieve': retrieveRoute('meters'),
  'billing-meters.update': route<{ readonly display_name?: string }>({
    supports: ['display_name'],
    handle({ account, id, parameters }) {
      const display_name = parameters.display_name ?? get(account.store.meters, id).display_name
      return render(account.store, changeMeter(account, id, 'billing.meter.updated', { display_name }))
    },
  }),
  'billing-meters.deactivate': route({
    handle({ account, id }) {
      if (get(account.store.meters, id).status === 'inactive') throw invalidRequest('This meter is already inactive.')
      const status_transitions = { deactivated_at: account.clock.seconds() }
      return render(account.store, changeMeter(account, id, 'billing.meter.deactivated', { status: 'inactive', status_transitions }))
    },
  }),
  'billing-meters.reactivate': route({
    handle({ account, id }) {
      const meter = get(account.store.meters, id)
      if (meter.status === 'active') throw invalidRequest('This meter is already active.')
      refuseTaken(account, meter.event_name)
      const patch = { status: 'active', status_transitions: { deactivated_at: null } } as const
      return render(account.store, changeMeter(account, id, 'billing.meter.reactivated', patch))
    },
  }),
  'billing-meters.list': listRoute('meters', { fields: ['status'] }),
  'billing-meters.listEventSummaries': route<Summaries>({
    supports: [...pageParameters, 'customer', 'end_time', 'start_time', 'value_grouping_window'],
    handle({ account, id, parameters, path }) {
      const summaries = summarize(account, get(account.store.meters, id), parameters)
      return listHeld(summaries, 'billing.meter_event_summary', parameters, path)
    },
  }),
}

function createMeter(account: Account, given: NewMeter): Meter {
  refuseTaken(account, given.event_name)
  const now = account.clock.seconds()
  const meter = account.store.meters.save({
    id: account.identifiers.next('mtr_test'),
    object: 'billing.meter',
    created: now,
    customer_mapping: given.customer_mapping ?? { event_payload_key: 'stripe_customer_id', type: 'by_id' },
    default_aggregation: given.default_aggregation,
    display_name: given.display_name,
    event_name: given.event_name,
    event_time_window: given.event_time_window ?? null,
    livemode: false,
    status: 'active',
    status_transitions: { deactivated_at: null },
    updated: now,
    value_settings: given.value_settings ?? { event_payload_key: 'value' },
  })
  account.emit('billing.meter.created', meter)
  return meter
}

/** One event name belongs to one active meter. */
function refuseTaken(account: Account, eventName: string): void {
  const holder = account.store.meters.newestFirst().find((meter) => meter.status === 'active' && meter.event_name === eventName)
  if (holder === undefined) return
  throw invalidRequest(`An active meter (\`${holder.id}\`) already uses the event name '${eventName}'.`, {
    code: 'resource_already_exists',
    param: 'event_name',
  })
}

function changeMeter(
  account: Account,
  id: string,
  type: 'billing.meter.deactivated' | 'billing.meter.reactivated' | 'billing.meter.updated',
  patch: Partial<Meter>,
): Meter {
  const before = get(account.store.meters, id)
  return changeObject(account, 'meters', before, { ...patch, updated: account.clock.seconds() }, type)
}

/** Newest first; windows without use are left out when the time is split. */
function summarize(account: Account, meter: Meter, given: Summaries): (Rendered & { readonly id: string })[] {
  const customer = getCustomer(account.store, given.customer, 'customer').id
  const { start_time, end_time, value_grouping_window } = given
  const step = value_grouping_window === 'day' ? 86_400 : value_grouping_window === 'hour' ? 3600 : end_time - start_time
  const grain = value_grouping_window === undefined ? 60 : step
  for (const [name, at] of [['start_time', start_time], ['end_time', end_time]] as const) {
    if (at % grain !== 0) throw invalidRequest(`\`${name}\` must be aligned with ${grain === 60 ? 'minute' : value_grouping_window} boundaries.`, { param: name })
  }
  if (end_time <= start_time) throw invalidRequest('`end_time` must be after `start_time`.', { param: 'end_time' })
  const summaries: (Rendered & { readonly id: string })[] = []
  for (let start = start_time; start < end_time; start += step) {
    const aggregated_value = usageOf(account, meter, customer, start, start + step)
    if (aggregated_value === 0 && value_grouping_window !== undefined) continue
    summaries.push({
      id: `mtrusg_${meter.id.slice(-12)}_${start}_${step}`,
      object: 'billing.meter_event_summary',
      aggregated_value,
      end_time: start + step,
      livemode: false,
      meter: meter.id,
      start_time: start,
    })
  }
  return summaries.toReversed()
}
