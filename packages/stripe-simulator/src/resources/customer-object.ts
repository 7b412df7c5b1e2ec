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
    readonly metadata?: Metadata
  },
): Customer {
  const id = account.identifiers.next('cus')
  return {
    id,
    object: 'customer',
    address: fields.address ?? null,
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
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  }
}
