import type { Account } from '../../account.ts'
import type { CheckoutSession, Customer } from '../../objects.ts'
import { completeAddress } from '../customer-object.ts'

/** What a person tells about themselves on the page of a session. */
export interface EnteredDetails {
  readonly email?: string
  readonly name?: string
  readonly phone?: string
  readonly address?: {
    readonly line1?: string
    readonly line2?: string
    readonly city?: string
    readonly state?: string
    readonly postal_code?: string
    readonly country?: string
  }
  readonly taxId?: { readonly type: string; readonly value: string }
}

/** What a session knows of its customer. */
export function customerDetails(customer: Customer): Readonly<Record<string, unknown>> {
  return {
    address: null,
    business_name: null,
    email: customer.email,
    individual_name: null,
    name: customer.name,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
  }
}

/** What a session shows of its customer once it is complete: of what was entered, that which it collects. */
export function collectedDetails(
  account: Account,
  session: CheckoutSession,
  entry: EnteredDetails,
  customer: Customer | undefined,
): Partial<CheckoutSession> {
  const takesPhone = Object(session['phone_number_collection']).enabled === true
  const takesTaxId = Object(session['tax_id_collection']).enabled === true
  const takesTerms = Object(session['consent_collection']).terms_of_service === 'required'
  const known = customer === undefined ? undefined : account.store.customers.find(customer.id)
  return {
    consent: takesTerms ? { promotions: null, terms_of_service: 'accepted' } : null,
    customer_details: {
      address: completeAddress(entry.address) ?? known?.['address'] ?? null,
      business_name: null,
      email: known?.email ?? session.customer_email ?? entry.email ?? null,
      individual_name: null,
      name: entry.name ?? known?.name ?? null,
      phone: takesPhone ? (entry.phone ?? known?.['phone'] ?? null) : null,
      tax_exempt: 'none',
      tax_ids: takesTaxId && entry.taxId !== undefined ? [entry.taxId] : [],
    },
  }
}
