import type { Account } from '../../account.ts'
import { unsupported } from '../../errors.ts'
import { get } from '../../get.ts'
import type { TaxRate } from '../../invoicing-objects.ts'
import type { InvoiceLine } from '../../objects.ts'
import { shareOf, sum, sumOf } from './money.ts'

/** A tax of a line or of a whole invoice, as both tell it. */
interface Tax {
  readonly amount: number
  readonly tax_behavior: 'exclusive' | 'inclusive'
  readonly tax_rate_details: { readonly tax_rate: string }
  readonly taxability_reason: 'not_available'
  readonly taxable_amount: number
  readonly type: 'tax_rate_details'
}

/** Lines with their taxes, and what those come to. */
export interface Taxed {
  readonly lines: readonly InvoiceLine[]
  /** What the taxes add. */
  readonly exclusive: number
  /** What of the lines is tax. */
  readonly inclusive: number
  readonly total_taxes: readonly Tax[]
}

/** A percentage in ten-thousandths. */
const parts = 10_000

/**
 * Taxes each line after its discounts: by the rates of its invoice item, else by those of the invoice. Each tax of a line is
 * rounded by itself (https://docs.stripe.com/billing/taxes/tax-rates): an exclusive rate adds to the line, an inclusive one
 * tells what of it is tax.
 */
export function taxLines(account: Account, lines: readonly InvoiceLine[], defaults: readonly string[]): Taxed {
  const taxed = lines.map((line) => ({ ...line, taxes: taxesOf(ratesOf(account, line, defaults), afterDiscounts(line)) }))
  const all = taxed.flatMap(({ taxes }) => taxes)
  const sumOfKind = (behavior: Tax['tax_behavior']): number =>
    all.reduce((whole, tax) => whole + (tax.tax_behavior === behavior ? tax.amount : 0), 0)
  return { lines: taxed, exclusive: sumOfKind('exclusive'), inclusive: sumOfKind('inclusive'), total_taxes: byRate(all) }
}

/** The taxes of an amount, each rounded by itself. */
export function taxesOf(rates: readonly TaxRate[], amount: number): Tax[] {
  const included = rates.filter(({ inclusive }) => inclusive).reduce((whole, rate) => whole + scaled(rate), 0)
  if (included > 0 && rates.some(({ inclusive }) => !inclusive)) {
    throw unsupported('inclusive and exclusive tax rates on one line', 'tax_rates')
  }
  const whole = 100 * parts + included
  const amounts = rates.map((rate) => shareOf(amount, scaled(rate), whole))
  const taxable = included === 0 ? amount : amount - sum(amounts)
  return rates.map((rate, index) => ({
    amount: amounts[index] ?? 0,
    tax_behavior: rate.inclusive ? 'inclusive' : 'exclusive',
    tax_rate_details: { tax_rate: rate.id },
    taxability_reason: 'not_available',
    taxable_amount: taxable,
    type: 'tax_rate_details',
  }))
}

function ratesOf(account: Account, line: InvoiceLine, defaults: readonly string[]): TaxRate[] {
  const { invoice_item_details: details } = Object(line['parent'])
  const own = account.store.invoiceItems.find(String(details?.invoice_item))?.tax_rates ?? []
  return (own.length > 0 ? own : defaults).map((id) => get(account.store.taxRates, id))
}

function afterDiscounts(line: InvoiceLine): number {
  return line.amount - sumOf(line['discount_amounts'])
}

function byRate(taxes: readonly Tax[]): Tax[] {
  const totals = new Map<string, Tax>()
  for (const tax of taxes) {
    const { tax_rate } = tax.tax_rate_details
    const known = totals.get(tax_rate)
    const [amount, taxable_amount] = [tax.amount + (known?.amount ?? 0), tax.taxable_amount + (known?.taxable_amount ?? 0)]
    totals.set(tax_rate, { ...tax, amount, taxable_amount })
  }
  return [...totals.values()]
}

function scaled({ percentage }: TaxRate): number {
  return Math.round(percentage * parts)
}
