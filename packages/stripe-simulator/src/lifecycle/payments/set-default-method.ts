import type { Account } from '../../account.ts'
import type { Customer } from '../../objects.ts'
import { changeObject } from '../change-object.ts'

/** Makes a payment method the one that a customer's invoices are charged to; null: none. */
export function setDefaultMethod(account: Account, before: Customer, default_payment_method: string | null): Customer {
  const invoice_settings = { ...before.invoice_settings, default_payment_method }
  return changeObject(account, 'customers', before, { invoice_settings }, 'customer.updated')
}
