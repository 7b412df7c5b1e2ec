import { entitlementsAt } from '../../domain/entitlement.ts'
import { toIso } from '../../domain/instant.ts'
import type { AdminCustomerEntryView, AdminCustomersView } from '../../protocol/admin.ts'
import type { Context } from '../context.ts'
import { checkId } from '../customers/check-id.ts'
import { emailKeyOf } from '../customers/customer-details.ts'
import { loadCustomer } from '../customers/load-customer.ts'

const mostFound = 20

/**
 * The customers that a text names: by their own id, by Stripe's, or by their e-mail address, whatever its case. 20 at most;
 * whoever has the text for an id comes first.
 *
 * @throws FareboxError `invalid-request` unless it is a text of 1 to 255 characters.
 */
export async function searchCustomers(context: Context, search: string): Promise<AdminCustomersView> {
  const text = checkId(search.trim(), 'search')
  const find = async (index: 'paymentCustomer' | 'emailKey', equals: string | null): Promise<readonly { readonly customer: string }[]> =>
    equals === null ? [] : context.records.find({ collection: 'customers', index, where: { equals }, limit: mostFound })
  const [byPayment, byEmail] = await Promise.all([find('paymentCustomer', text), find('emailKey', emailKeyOf(text))])
  const named = new Set([text, ...[...byPayment, ...byEmail].map(({ customer }) => customer)])
  const found = await Promise.all([...named].map((customer) => entryOf(context, customer)))
  return { customers: found.filter((entry) => entry !== undefined).slice(0, mostFound) }
}

async function entryOf(context: Context, customer: string): Promise<AdminCustomerEntryView | undefined> {
  const { row, records, now } = await loadCustomer(context, customer)
  if (row === undefined) return undefined
  const { plan, status } = entitlementsAt(context.catalog, records, now)
  const { name, email, createdAt } = row.value
  return { customer, name, email, plan: plan.key, planName: plan.name, status, createdAt: toIso(createdAt) }
}
