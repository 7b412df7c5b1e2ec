import { useBillingContext } from '../provider/billing-context.ts'
import type { Format } from './format.ts'

/** Writes numbers as people of the provider's locale do: `useNumber()(1234)` is `1,234` in English. */
export function useNumber(): Format['number'] {
  return useBillingContext().format.number
}
