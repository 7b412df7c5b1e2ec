import type { Account } from '../../account.ts'
import type { Invoice, InvoiceLine } from '../../objects.ts'
import { ratesOf } from '../amounts/automatic-tax.ts'
import { sumOf } from '../amounts/money.ts'
import { taxLines } from '../amounts/taxes.ts'
import { discountInvoice } from '../discounts/discount-invoice.ts'
import { runningDiscounts } from '../discounts/redeem-coupons.ts'

/** What decides on the totals of an invoice besides its lines. */
export type Reductions = Pick<Invoice, 'automatic_tax' | 'currency' | 'default_tax_rates' | 'discounts'>

/** The lines of an invoice less their discounts and with their taxes, and every total that comes of them. */
export function invoiceTotals(
  account: Account,
  lines: readonly InvoiceLine[],
  { currency, discounts, ...taxation }: Reductions,
): Pick<Invoice, 'lines' | 'total' | 'discounts'> & Readonly<Record<string, unknown>> {
  const running = runningDiscounts(account, discounts, account.clock.seconds())
  const { lines: discounted, total, ...totals } = discountInvoice(account, lines, running, currency)
  const { lines: taxed, exclusive, inclusive, total_taxes } = taxLines(account, discounted, ratesOf(account, taxation))
  const subtotal = sumOf(lines)
  return {
    ...totals,
    discounts: running.map(({ id }) => id),
    lines: taxed,
    subtotal,
    subtotal_excluding_tax: subtotal - inclusive,
    total: total + exclusive,
    total_excluding_tax: total - inclusive,
    total_taxes,
  }
}
