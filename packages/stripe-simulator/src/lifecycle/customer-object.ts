import type { Account } from '../account.ts'
import type { Customer, Metadata } from '../objects.ts'

/** A new customer; nothing is stored. */
export function newCustomer(
  account: Account,
  fields: {
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
    address: completeAddress(fields.address),
    balance: 0,
    created: account.clock.seconds(),
    currency: null,
    default_source: null,
    delinquent: false,
    description: fields.description ?? null,
    discount: null,
    email: fields.email ?? null,
    invoice_prefix: id.slice(-8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: fields.metadata ?? {},
    name: fields.name ?? null,
    next_invoice_sequence: 1,
    phone: fields.phone ?? null,
    preferred_locales: fields.preferred_locales ?? [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: fields.test_clock ?? null,
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
