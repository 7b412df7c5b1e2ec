import type { Instant } from '../../domain/instant.ts'
import { FareboxError, invalidRequest } from '../../errors/error.ts'
import type { CustomerRow } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { checkId } from './check-id.ts'
import { type CustomerDetails, withDetails } from './customer-details.ts'
import { ensureCustomer } from './ensure-customer.ts'
import { loadCustomer } from './load-customer.ts'

/** Who pays, as the host app sees it. */
export interface CustomerView {
  readonly customer: string
  /** Usage periods count from here, unless the catalog says otherwise. */
  readonly createdAt: Instant
  readonly entitlementVersion: number
  /** Stripe's id, once there is one. */
  readonly paymentCustomer: string | null
  readonly email: string | null
  readonly name: string | null
}

/** Makes a customer known, once, however often and at once it is called. */
export async function ensureCustomerView(
  context: Context,
  request: { readonly customer: string } & CustomerDetails,
): Promise<CustomerView> {
  const customer = checkId(request.customer, 'customer')
  const details = { email: checkText(request.email, 'email', 512), name: checkText(request.name, 'name', 256) }
  const { row } = await ensureCustomer(context, customer, withDetails(details))
  return viewOf(customer, row.value)
}

/** The customer, or `undefined` where nobody was seen under that id. */
export async function findCustomer(context: Context, id: string): Promise<CustomerView | undefined> {
  const customer = checkId(id, 'customer')
  const { row } = await loadCustomer(context, customer)
  return row && viewOf(customer, row.value)
}

/** For what makes no sense for a stranger: ending what is there must not make the customer known. @throws FareboxError `not-found`. */
export async function requireKnown(context: Context, customer: string): Promise<void> {
  getKnown((await loadCustomer(context, customer)).row)
}

/** A customer's row. @throws FareboxError `not-found` where there is none. */
export function getKnown<Row>(row: Row | undefined): Row {
  if (row !== undefined) return row
  throw new FareboxError('not-found', 'Nobody was seen under this customer id')
}

/** The customer that Stripe knows under `paymentCustomer`. */
export async function findCustomerByPayment(context: Context, paymentCustomer: string): Promise<string | undefined> {
  const [entry] = await context.records.find({
    collection: 'customers',
    index: 'paymentCustomer',
    where: { equals: paymentCustomer },
    limit: 1,
  })
  return entry?.customer
}

/** Stripe takes as many characters: https://docs.stripe.com/api/customers/create */
function checkText(value: unknown, path: string, longest: number): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' && value !== '' && value.length <= longest) return value
  throw invalidRequest('The customer is not described well', path, `Give a text of 1 to ${longest} characters, or null`)
}

function viewOf(customer: string, row: CustomerRow): CustomerView {
  const { createdAt, version, paymentCustomer, email, name } = row
  return { customer, createdAt, entitlementVersion: version, paymentCustomer, email, name }
}
