import { FareboxError } from '../errors/error.ts'
import { minorDigitsOf } from './minor-digits.ts'

/** An exact amount of money. `minor` counts minor currency units (cents) as a decimal string: `'2900'`, `'0.5'`. */
export interface Money {
  readonly currency: string
  readonly minor: string
}

/** Stripe's `unit_amount_decimal` carries at most 12 decimal places of the minor unit. */
const mostFraction = 12

/**
 * Money from a decimal string in major units and an ISO 4217 code; nothing is ever rounded.
 *
 * @throws FareboxError `invalid-catalog` when the text is not a plain decimal of at most 12 whole digits, or has more
 *   decimal places than Stripe keeps.
 */
export function money(amount: string, currency: string): Money {
  const code = typeof currency === 'string' ? currency.toLowerCase() : currency
  const match = typeof amount === 'string' ? /^(\d{1,12})(?:\.(\d+))?$/.exec(amount) : null
  if (!isCurrency(code)) throw invalidMoney('Give a three-letter ISO 4217 currency code')
  if (match === null) throw invalidMoney('Give money as a plain decimal string, such as \'29\' or \'0.10\'')
  const digits = minorDigitsOf(code)
  const [, whole = '', fraction = ''] = match
  if (fraction.length > digits + mostFraction) throw invalidMoney(`Give at most ${digits + mostFraction} decimal places`)
  const padded = fraction.padEnd(digits, '0')
  const units = (whole + padded.slice(0, digits)).replace(/^0+(?=\d)/, '')
  const rest = padded.slice(digits).replace(/0+$/, '')
  return { currency: code, minor: rest === '' ? units : `${units}.${rest}` }
}

/** Whether a value is money as {@link money} makes it. */
export function isMoney(value: unknown): value is Money {
  if (typeof value !== 'object' || value === null || !('currency' in value) || !('minor' in value)) return false
  const { currency, minor } = value
  return isCurrency(currency) && typeof minor === 'string' && /^(0|[1-9]\d{0,14})(\.\d{0,11}[1-9])?$/.test(minor)
}

/** US dollars: `usd('29')` is 29 dollars, `usd('0.001')` a tenth of a cent. */
export function usd(amount: string): Money {
  return money(amount, 'usd')
}

/** Euros, as {@link usd}. */
export function eur(amount: string): Money {
  return money(amount, 'eur')
}

/** Pounds sterling, as {@link usd}. */
export function gbp(amount: string): Money {
  return money(amount, 'gbp')
}

/**
 * The step in which Stripe takes whole minor units of a currency. Krónur and Ugandan shillings have no subunit but are
 * counted in hundredths, and the third decimal of dinars and rials must be zero: https://docs.stripe.com/currencies#special-cases
 */
export function chargeStep(currency: string): 1 | 10 | 100 {
  if (currency === 'isk' || currency === 'ugx') return 100
  return minorDigitsOf(currency) === 3 ? 10 : 1
}

/** Whole minor units, or `undefined` when the amount has a fraction of one or is past the safe range. */
export function wholeMinorUnits(value: Money): number | undefined {
  const units = /^\d+$/.test(value.minor) ? Number(value.minor) : Number.NaN
  return Number.isSafeInteger(units) ? units : undefined
}

function isCurrency(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z]{3}$/.test(value)
}

function invalidMoney(message: string): FareboxError {
  return new FareboxError('invalid-catalog', 'The money amount is not valid', { faults: [{ path: 'money', message }] })
}
