import type { Account } from '../../account.ts'
import type { Meter, MeterEvent } from '../../billing-objects.ts'
import { get, getPrice } from '../../get.ts'
import type { Subscription, SubscriptionItem } from '../../objects.ts'

/** What a meter counts for a customer in `[start, end)` (seconds), as its formula says. Without events: 0. */
export function usageOf(account: Account, meter: Meter, customer: string, start: number, end: number): number {
  const counted = account.store.meterEvents
    .ofCustomer(customer)
    .filter((event) => event.event_name === meter.event_name && event.timestamp >= start && event.timestamp < end)
    .toReversed()
  switch (meter.default_aggregation.formula) {
    case 'count':
      return counted.length
    case 'sum':
      return counted.reduce((sum, event) => sum + valueOf(meter, event), 0)
    case 'last': {
      const last = counted.toSorted((left, right) => left.timestamp - right.timestamp).at(-1)
      return last === undefined ? 0 : valueOf(meter, last)
    }
  }
}

/** What was used of a metered item in its current period, in whole units. */
export function usageOfItem(account: Account, subscription: Subscription, item: SubscriptionItem): number {
  const meter = get(account.store.meters, getPrice(account.store, item.price).recurring?.meter ?? '', 'meter')
  const used = usageOf(account, meter, subscription.customer, item.current_period_start, item.current_period_end)
  return Math.max(0, Math.round(used))
}

function valueOf(meter: Meter, event: MeterEvent): number {
  return Number(event.payload[meter.value_settings.event_payload_key] ?? '0')
}
