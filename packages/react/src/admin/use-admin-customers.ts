import type { AdminCustomersView } from '@farebox/core/protocol'
import type { Reading } from '../provider/use-snapshot.ts'
import { customersResource, useAdminReading } from './use-admin-reading.ts'

/**
 * Whom a text names: by id, by Stripe's id or by e-mail address; 20 at most. `undefined` while there is nothing to search
 * for. The admin routes have to be open, and the signed-in person an admin: 404 and 403 are in the reading's `error`.
 */
export function useAdminCustomers(search: string): Reading<AdminCustomersView> | undefined {
  return useAdminReading(customersResource, search.trim())
}
