const none = /^(bif|clp|djf|gnf|jpy|kmf|krw|mga|pyg|rwf|vnd|vuv|xaf|xof|xpf)$/i
const three = /^(bhd|jod|kwd|omr|tnd)$/i

/**
 * How many decimal places a currency's minor unit has, as Stripe counts; `Intl` counts some currencies otherwise.
 * https://docs.stripe.com/currencies#zero-decimal
 */
export function minorDigitsOf(currency: string): 0 | 2 | 3 {
  if (none.test(currency)) return 0
  return three.test(currency) ? 3 : 2
}
