import type { Account } from '../account.ts'
import type { Meter, MeterEvent } from '../billing-objects.ts'
import { invalidRequest } from '../errors.ts'
import type { Rendered } from '../responses/render.ts'
import { route, type Routes } from './route.ts'

interface NewMeterEvent {
  readonly event_name: string
  readonly identifier?: string
  readonly payload: Readonly<Record<string, string>>
  readonly timestamp?: number
}

const oldest = 35 * 86_400
const newest = 5 * 60

export const meterEventRoutes: Routes = {
  'billing-meter-events.create': route<NewMeterEvent>({
    answers: 'billing.meter_event',
    supports: ['event_name', 'identifier', 'payload', 'timestamp'],
    handle: ({ account, parameters }) => acceptEvent(account, parameters),
  }),
}

/**
 * Takes an event of use. What is wrong with its form is refused at once; that it belongs to no meter or customer is
 * reported afterwards (https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api).
 */
function acceptEvent(account: Account, given: NewMeterEvent): Rendered {
  const now = account.clock.seconds()
  const timestamp = given.timestamp ?? now
  if (timestamp < now - oldest) {
    throw invalidRequest('The timestamp must be within the past 35 days.', { code: 'timestamp_too_far_in_past', param: 'timestamp' })
  }
  if (timestamp > now + newest) {
    throw invalidRequest('The timestamp must be at most 5 minutes in the future.', { code: 'timestamp_in_future', param: 'timestamp' })
  }
  const identifier = given.identifier ?? account.identifiers.next('mtr_event')
  if (identifier.length > 100) throw invalidRequest('Invalid identifier: at most 100 characters', { param: 'identifier' })
  if (account.store.meterEvents.find(identifier) !== undefined) {
    throw invalidRequest(`An event already exists with identifier ${identifier}.`, { code: 'duplicate_meter_event', param: 'identifier' })
  }
  const meter = account.store.meters.newestFirst().find((candidate) => candidate.event_name === given.event_name)
  const shown = { object: 'billing.meter_event', created: now, event_name: given.event_name, identifier, livemode: false, payload: given.payload, timestamp }
  if (meter === undefined || meter.status === 'inactive') return shown
  const customer = customerOf(account, meter, given)
  const value = given.payload[meter.value_settings.event_payload_key]
  const isCounted = meter.default_aggregation.formula === 'count' || (value !== undefined && /^-?\d+(\.\d{1,12})?$/.test(value))
  if (customer !== undefined && isCounted) {
    const event: MeterEvent = { ...shown, id: identifier, customer }
    account.store.meterEvents.save(event)
  }
  return shown
}

function customerOf(account: Account, meter: Meter, given: NewMeterEvent): string | undefined {
  const customer = account.store.customers.find(given.payload[meter.customer_mapping.event_payload_key] ?? '')
  return customer === undefined || customer.deleted === true ? undefined : customer.id
}
