import type { Account } from '../../account.ts'
import type { Meter } from '../../billing-objects.ts'
import type { StoredObject } from '../../objects.ts'

/** Why an event of use was not counted, in Stripe's codes. */
export type MeterErrorCode =
  | 'archived_meter'
  | 'meter_event_customer_not_found'
  | 'meter_event_invalid_value'
  | 'meter_event_no_customer_defined'
  | 'meter_event_value_not_found'
  | 'no_meter'

const messages: Readonly<Record<MeterErrorCode, string>> = {
  archived_meter: 'The meter is inactive.',
  meter_event_customer_not_found: 'There is no customer with the id that the event names.',
  meter_event_invalid_value: 'The value of the event is not a number.',
  meter_event_no_customer_defined: 'The event names no customer.',
  meter_event_value_not_found: 'The event has no value.',
  no_meter: 'There is no meter for the name of the event.',
}

/**
 * Tells that an event of use was taken and not counted, as a thin event. Stripe gathers such errors for a while before
 * it tells; here each is told at once.
 */
export function reportMeterError(account: Account, meter: Meter | undefined, code: MeterErrorCode, identifier: string): void {
  const at = new Date(account.clock.now()).toISOString()
  const sample = { error_message: messages[code], request: { identifier } }
  const report = {
    developer_message_summary: `There is 1 invalid event: ${messages[code]}`,
    reason: { error_count: 1, error_types: [{ code, error_count: 1, sample_errors: [sample] }] },
    validation_end: at,
    validation_start: at,
  }
  const subject: StoredObject = {
    id: meter?.id ?? '',
    object: 'billing.meter',
    created: account.clock.seconds(),
    internal: { report },
  }
  account.emit(meter === undefined ? 'v1.billing.meter.no_meter_found' : 'v1.billing.meter.error_report_triggered', subject)
}
