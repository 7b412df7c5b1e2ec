import type { AdminCustomerView } from '@farebox/core/protocol'
import type { Reading } from '../provider/use-snapshot.ts'
import { customerResource, useAdminReading } from './use-admin-reading.ts'

/**
 * One customer as an admin sees it: snapshot, what each balance is made of, plans given for free and the audit, all of the
 * same moment. `undefined` while no customer is given.
 */
export function useAdminCustomer(customer: string | undefined): Reading<AdminCustomerView> | undefined {
  return useAdminReading(customerResource, customer ?? '')
}
