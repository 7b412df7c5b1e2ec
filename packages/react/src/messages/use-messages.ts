import { useBillingContext } from '../provider/billing-context.ts'
import type { Messages } from './messages.ts'

/** The texts of the provider, and English where it has none. @param english the default words of what asks. */
export function useMessages<Own extends Partial<Messages>>(english: Own): Own {
  return { ...english, ...useBillingContext().messages }
}
