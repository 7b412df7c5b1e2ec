import type { Account } from '../account.ts'
import type { Taxation } from '../amount-objects.ts'
import { exclusiveParameters, invalidRequest, missingParameter, unsupported } from '../errors.ts'
import { getCustomer } from '../get.ts'
import { ratesOf } from '../lifecycle/amounts/automatic-tax.ts'
import { customerDetails } from '../lifecycle/checkout/checkout-details.ts'
import { sessionAmounts, sessionTotals } from '../lifecycle/checkout/session-amounts.ts'
import { readDiscounts, redemptionOf } from '../lifecycle/discounts/coupon-validity.ts'
import type { CheckoutSession } from '../objects.ts'
import { changeMetadata } from '../requests/metadata.ts'
import { readLines } from './checkout-session-lines.ts'
import { newCheckoutSession, type NewSession } from './checkout-session-object.ts'
import { readTaxes } from './tax-rates.ts'

const halfAnHour = 1800
const oneDay = 86_400

/** Makes an open session; nothing else is stored. */
export function createSession(account: Account, given: NewSession, origin: string): CheckoutSession {
  refuseUnmodelled(given)
  if (given.mode === undefined) throw missingParameter('mode')
  if (given.success_url === undefined) throw missingParameter('success_url')
  if (given.customer !== undefined && given.customer_email !== undefined) {
    throw exclusiveParameters(['customer', 'customer_email'])
  }
  const now = account.clock.seconds()
  const expiresAt = given.expires_at ?? now + oneDay
  if (expiresAt < now + halfAnHour || expiresAt > now + oneDay) {
    throw invalidRequest('The `expires_at` timestamp must be between 30 minutes and 24 hours from now.', { param: 'expires_at' })
  }
  const trial = readTrial(given, now)
  const lines = readLines(account, given)
  const customer = given.customer === undefined ? undefined : getCustomer(account.store, given.customer, 'customer')
  const currency = given.currency?.toLowerCase() ?? lines[0]?.price.currency ?? null
  const items = lines.map(({ price, quantity }) => ({ price: price.id, quantity }))
  const discounts = readSessionDiscounts(account, given, items, currency)
  const taxation = readSessionTaxes(account, given)
  const taxRates = ratesOf(account, taxation)
  const amounts = sessionAmounts(account.store, { currency, discounts, internal: { lineItems: items, taxRates } })
  const metadata = changeMetadata({}, given.metadata)
  const subscriptionMetadata = changeMetadata({}, given.subscription_data?.metadata)
  const id = account.identifiers.next('cs_test')
  return account.store.checkoutSessions.save(
    newCheckoutSession(given, {
      id,
      created: now,
      expires_at: expiresAt,
      ...sessionTotals(amounts, given.mode, trial !== null),
      discounts,
      currency,
      customer_details: customer === undefined ? null : customerDetails(customer),
      metadata,
      mode: given.mode,
      success_url: given.success_url,
      url: `${origin}/c/pay/${id}`,
      internal: {
        lineItems: lines.map((line) => ({
          id: account.identifiers.next('li'),
          price: line.price.id,
          quantity: line.quantity,
        })),
        taxation,
        taxRates,
        subscriptionMetadata,
        subscriptionDescription: given.subscription_data?.description ?? null,
        trial,
        missingPaymentMethod: given.subscription_data?.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
        ...paymentOf(given),
      },
    }),
  )
}

function readSessionDiscounts(
  account: Account,
  given: NewSession,
  items: readonly { readonly price: string; readonly quantity: number }[],
  currency: string | null,
): CheckoutSession['discounts'] {
  if (given.discounts === undefined || given.discounts.length === 0) return []
  if (given.allow_promotion_codes !== undefined) {
    throw exclusiveParameters(['allow_promotion_codes', 'discounts'], 'discounts')
  }
  if (given.discounts.length > 1) throw invalidRequest('Checkout Sessions take one discount.', { param: 'discounts' })
  if (given.mode === 'setup') throw invalidRequest('You can not pass `discounts` in `setup` mode.', { param: 'discounts' })
  const redemption = redemptionOf(account, given.customer, items, currency ?? undefined)
  return readDiscounts(account, given.discounts, redemption).map(({ coupon, promotion_code }) => ({ coupon, promotion_code }))
}

/** By rates a subscription alone is taxed. */
function readSessionTaxes(account: Account, { automatic_tax, subscription_data }: NewSession): Taxation {
  const { default_tax_rates } = subscription_data ?? {}
  const path = 'subscription_data[default_tax_rates]'
  return readTaxes(account, { ...(automatic_tax !== undefined && { automatic_tax }), ...(default_tax_rates !== undefined && { default_tax_rates }) }, path)
}

function refuseUnmodelled(given: NewSession): void {
  if (given.ui_mode !== undefined && given.ui_mode !== 'hosted_page') throw unsupported(`ui_mode ${given.ui_mode}`, 'ui_mode')
  const data = given.subscription_data
  if (data?.billing_mode?.type === 'classic') throw unsupported('the classic billing mode', 'subscription_data[billing_mode][type]')
  refuseOfOtherMode(given)
}

function readTrial(given: NewSession, now: number): CheckoutSession['internal']['trial'] {
  const data = given.subscription_data
  if (data !== undefined && given.mode !== 'subscription') {
    throw invalidRequest('You can not pass `subscription_data` in `payment` mode.', { param: 'subscription_data' })
  }
  if (data?.trial_period_days !== undefined && data.trial_end !== undefined) {
    throw exclusiveParameters(['trial_end', 'trial_period_days'], 'subscription_data[trial_end]')
  }
  if (data?.trial_period_days !== undefined) {
    if (data.trial_period_days < 1 || data.trial_period_days > 730) {
      const message = 'The trial period must be between 1 and 730 days.'
      throw invalidRequest(message, { code: 'parameter_invalid_integer', param: 'subscription_data[trial_period_days]' })
    }
    return { days: data.trial_period_days }
  }
  if (data?.trial_end === undefined) return null
  if (data.trial_end < now + 2 * oneDay) {
    throw invalidRequest('The `trial_end` date has to be at least 2 days in the future.', { param: 'subscription_data[trial_end]' })
  }
  return { end: data.trial_end }
}

/** What the mode of a session has no use for. */
function refuseOfOtherMode(given: NewSession): void {
  const { mode } = given
  const modes = {
    invoice_creation: 'payment',
    payment_intent_data: 'payment',
    payment_method_collection: 'subscription',
    setup_intent_data: 'setup',
  }
  const foreign = Object.entries(modes).find(([name, of]) => Object.hasOwn(given, name) && of !== mode)?.[0]
  if (foreign !== undefined) throw invalidRequest(`You can not pass \`${foreign}\` in \`${mode}\` mode.`, { param: foreign })
}

function paymentOf(given: NewSession): Pick<CheckoutSession['internal'], 'needsCustomer'> & Partial<CheckoutSession['internal']> {
  const { invoice_creation, payment_intent_data, setup_intent_data } = given
  const { description, metadata } = invoice_creation?.invoice_data ?? {}
  const isInvoiced = invoice_creation?.enabled === true
  return {
    needsCustomer: isInvoiced || payment_intent_data?.setup_future_usage !== undefined,
    ...(isInvoiced && {
      invoiceCreation: { metadata: changeMetadata({}, metadata), ...(description !== undefined && { description }) },
    }),
    paymentDescription: payment_intent_data?.description,
    paymentMetadata: changeMetadata({}, payment_intent_data?.metadata),
    setupFutureUsage: payment_intent_data?.setup_future_usage,
    setupDescription: setup_intent_data?.description,
    setupMetadata: changeMetadata({}, setup_intent_data?.metadata),
  }
}
