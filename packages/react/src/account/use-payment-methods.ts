import type { PaymentMethodsView } from '@farebox/core/protocol'
import type { Reading } from '../provider/use-snapshot.ts'
import { useMoneyReading } from './use-money-reading.ts'

/** How the customer pays: cards and other ways, and which of them is the default. To change them, open the portal. */
export function usePaymentMethods(): Reading<PaymentMethodsView> {
  return useMoneyReading<PaymentMethodsView>('/payment-methods', 'paymentMethods')
}
