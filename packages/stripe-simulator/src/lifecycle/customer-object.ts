import type { Account } from '../account.ts'
import type { Customer, Metadata } from '../objects.ts'
import { publishedNulls } from '../published-data.ts'

/** A new customer; nothing is stored. */
export function newCustomer(
  account: Account,
  fields: {
    readonly balance?: number
    readonly email?: string | null
    readonly name?: string | null
    readonly description?: string | null
    readonly phone?: string | null
    readonly address?: Readonly<Record<string, unknown>> | null
    readonly preferred_locales?: readonly string[]
    readonly metadata?: Metadata
    readonly test_clock?: string
  },
): Customer {
  const id = account.identifiers.next('cus')
  return {
    id,
    object: 'customer',
    ...publishedNulls('customer'),
    balance: 0,
    created: account.clock.seconds(),
    currency: null,
    delinquent: false,
    discount: null,
    email: null,
    invoice_prefix: id.slice(-8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    tax_exempt: 'none',
    test_clock: null,
    ...fields,
    address: completeAddress(fields.address),
  }
}

/** An address with all its fields: those that were not given are null. */
export function completeAddress(
  given: Readonly<Record<string, unknown>> | null | undefined,
): Readonly<Record<string, unknown>> | null {
  if (given === null || given === undefined) return null
  const empty = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null }
  return { ...empty, ...given }
}
