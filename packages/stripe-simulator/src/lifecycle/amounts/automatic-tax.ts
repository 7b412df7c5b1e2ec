import type { Account } from '../../account.ts'
import type { AutomaticTax, Taxation } from '../../amount-objects.ts'
import type { TaxRate } from '../../invoicing-objects.ts'
import { publishedNulls } from '../../published-data.ts'

export function automaticTax(enabled: boolean): AutomaticTax {
  return { disabled_reason: null, enabled, liability: enabled ? { type: 'self' } : null }
}

/** The same with what became of it, as invoices and sessions tell it. */
export function workedOut(enabled: boolean): AutomaticTax {
  return { enabled, liability: enabled ? { type: 'self' } : null, provider: enabled ? 'stripe' : null, status: enabled ? 'complete' : null }
}

/**
 * The ids of the rates that count. What Stripe Tax works out is a rate, too, which it makes itself
 * (https://docs.stripe.com/tax/tax-rates); where nobody is registered there is none.
 */
export function ratesOf(account: Account, { automatic_tax, default_tax_rates = [] }: Taxation): readonly string[] {
  if (automatic_tax?.enabled !== true) return default_tax_rates
  const { taxPercentage: percentage } = account.settings
  if (percentage === 0) return []
  const id = `txr_automatic_${percentage}`
  if (account.store.taxRates.find(id) === undefined) {
    account.store.taxRates.save(newTaxRate(account, { id, active: false, display_name: 'Tax', inclusive: false, percentage }))
  }
  return [id]
}

/** A rate; nothing is stored. */
export function newTaxRate(account: Account, made: Pick<TaxRate, 'active' | 'display_name' | 'id' | 'inclusive' | 'percentage'> & Partial<TaxRate>): TaxRate {
  return {
    object: 'tax_rate',
    ...publishedNulls('tax_rate'),
    created: account.clock.seconds(),
    effective_percentage: made.percentage,
    livemode: false,
    metadata: {},
    rate_type: 'percentage',
    ...made,
  }
}
