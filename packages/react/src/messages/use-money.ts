import { useBillingContext } from '../provider/billing-context.ts'
import type { Format } from './format.ts'

/**
 * Writes minor currency units as people of the provider's locale do: `useMoney()({ amount: 2900, currency: 'usd' })` is
 * `$29.00` in English.
 */
export function useMoney(): Format['money'] {
  return useBillingContext().format.money
}
