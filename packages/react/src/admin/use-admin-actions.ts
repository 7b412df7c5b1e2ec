import type { Outcome } from '@farebox/core/client'
import type { AdminCustomerView, IsoInstant } from '@farebox/core/protocol'
import { useBillingContext } from '../provider/billing-context.ts'
import { type Action, useAction } from '../provider/use-action.ts'
import { customerResource } from './use-admin-reading.ts'

/** What names a change: the same key is the same change, however often it is asked for. */
export interface AdminEndRequest {
  readonly key: string
  /** 1 to 500 characters, for the audit. */
  readonly reason?: string | undefined
}

/** An extra amount of a metered feature, in its whole units. */
export interface AdminGrantRequest extends AdminEndRequest {
  readonly feature: string
  readonly amount: number
  readonly expiresAt?: IsoInstant | null | undefined
}

/** A plan given for free; without `until`, until it is ended. */
export interface AdminOverrideRequest extends AdminEndRequest {
  readonly plan: string
  readonly until?: IsoInstant | null | undefined
}

/** What an admin can do for a customer. Each answers the customer as it is then, and so does {@link useAdminCustomer}. */
export interface AdminActions {
  readonly grant: Action<[AdminGrantRequest], AdminCustomerView>
  readonly voidGrant: Action<[AdminEndRequest], AdminCustomerView>
  readonly override: Action<[AdminOverrideRequest], AdminCustomerView>
  readonly endOverride: Action<[AdminEndRequest], AdminCustomerView>
}

/** What an admin can do for one customer. The server decides who an admin is; two clicks are one. */
export function useAdminActions(customer: string): AdminActions {
  const { client } = useBillingContext()
  const changing = (method: 'POST' | 'DELETE', path: string) => async (request: AdminEndRequest): Promise<Outcome<AdminCustomerView>> => {
    const outcome = await client.request<AdminCustomerView>(method, path, 'snapshot', { customer, ...request })
    const store = customerResource(client, customer)
    if (outcome.data) {
      store.take(outcome)
      const isOwn = client.getSnapshot().data?.customer === customer
      // A reading that began before the change may arrive after it.
      await Promise.all([store.renew(), isOwn && client.refresh()])
    }
    return outcome
  }
  return {
    grant: useAction(changing('POST', '/admin/grants')),
    voidGrant: useAction(changing('DELETE', '/admin/grants')),
    override: useAction(changing('POST', '/admin/overrides')),
    endOverride: useAction(changing('DELETE', '/admin/overrides')),
  }
}
