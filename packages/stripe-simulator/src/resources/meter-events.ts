import type { Account } from '../account.ts'
import type { Meter, MeterEvent } from '../billing-objects.ts'
import { invalidRequest } from '../errors.ts'
import { reportMeterError, type MeterErrorCode } from '../lifecycle/meters/report-meter-error.ts'
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
  const error = errorOf(account, meter, given)
  if (error !== undefined) {
    reportMeterError(account, meter, error, identifier)
    return shown
  }
  const customer = given.payload[meter?.customer_mapping.event_payload_key ?? ''] ?? ''
  const event: MeterEvent = { ...shown, id: identifier, customer }
  account.store.meterEvents.save(event)
  return shown
}

/** Why an event is not counted; undefined: it is. */
function errorOf(account: Account, meter: Meter | undefined, { payload }: NewMeterEvent): MeterErrorCode | undefined {
  if (meter === undefined) return 'no_meter'
  if (meter.status === 'inactive') return 'archived_meter'
  const named = payload[meter.customer_mapping.event_payload_key]
  if (named === undefined) return 'meter_event_no_customer_defined'
  const customer = account.store.customers.find(named)
  if (customer === undefined || customer.deleted === true) return 'meter_event_customer_not_found'
  if (meter.default_aggregation.formula === 'count') return undefined
  const value = payload[meter.value_settings.event_payload_key]
  if (value === undefined) return 'meter_event_value_not_found'
  return /^-?\d+(\.\d{1,12})?$/.test(value) ? undefined : 'meter_event_invalid_value'
}
