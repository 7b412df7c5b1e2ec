import { ownCause, type Account } from '../account.ts'
import { StripeError, cardRefused } from '../errors.ts'
import { asksForAuthentication, asksForMethod, completeCheckout, type CheckoutEntry } from '../lifecycle/checkout/complete-checkout.ts'
import { dropPromotionCode, enterPromotionCode } from '../lifecycle/checkout/session-discounts.ts'
import type { Expiry } from '../lifecycle/payments/attach-card.ts'
import type { CheckoutSession } from '../objects.ts'
import { challengePage } from './authentication-page.ts'
import { checkoutPage, successLocation, type Refusal } from './checkout-page.ts'
import { redirect } from './html.ts'

const declinedCard = '4000000000000002'

/** The number that the page suggests. */
export const shownCard = '4242 4242 4242 4242'

/** Does what a form of the checkout page asks for: pays, or takes a promotion code. */
export function runCheckoutAction(account: Account, session: CheckoutSession, form: URLSearchParams): Response {
  const action = form.get('action') ?? 'pay'
  const isCode = action === 'code' || action === 'drop-code'
  try {
    return isCode ? changeCode(account, session, action, form) : pay(account, session, action, form)
  } catch (error) {
    if (!(error instanceof StripeError)) throw error
    const refusal: Refusal = { of: isCode ? 'code' : 'payment', because: error.message }
    const code = form.get('code')
    const bankAccount = form.get('method') === 'bank' ? form.get('bankAccount') : null
    const entered = { card: form.get('card') ?? shownCard, email: form.get('email') ?? '', ...(code !== null && { code }) }
    return checkoutPage(account, session, { ...entered, ...(bankAccount !== null && { bankAccount }) }, refusal)
  }
}

function changeCode(account: Account, session: CheckoutSession, action: string, form: URLSearchParams): Response {
  account.act(ownCause, () => {
    if (action === 'code') enterPromotionCode(account, session, (form.get('code') ?? '').trim())
    else dropPromotionCode(account, session)
  }, session.id)
  return redirect(`/c/pay/${session.id}`)
}

function pay(account: Account, session: CheckoutSession, action: string, form: URLSearchParams): Response {
  const email = form.get('email') ?? ''
  const entry: CheckoutEntry = {
    ...meansOf(session, action, form),
    ...(email !== '' && { email }),
    authentication: action === 'fail' ? 'failed' : 'passed',
  }
  if (action === 'pay' && entry.card !== undefined && asksForAuthentication(session, entry.card)) {
    return challengePage(`/c/pay/${session.id}`, 'this payment', { card: entry.card, email, expiry: form.get('expiry') ?? '' })
  }
  return redirect(successLocation(account.act(ownCause, () => completeCheckout(account, session.id, entry))))
}

function meansOf(session: CheckoutSession, action: string, form: URLSearchParams): CheckoutEntry {
  if (action === 'decline') return { card: declinedCard }
  const bankAccount = form.get('bankAccount')
  if (form.get('method') === 'bank' && bankAccount !== null) return { bankAccount }
  const card = form.get('card')
  if (card === null || (card === '' && !asksForMethod(session))) return {}
  if (card.trim() === '') throw cardRefused(incompleteNumber)
  const expiry = expiryOf(form.get('expiry') ?? '')
  return { card, ...(expiry !== undefined && { expiry }) }
}

const incompleteNumber = { code: 'incomplete_number', decline_code: '', message: 'Your card number is incomplete.' }

/** Such as `12 / 34`; a year of two digits is one of this century. */
function expiryOf(text: string): Expiry | undefined {
  const [, month, year] = /^\s*(\d{1,2})\s*\/\s*(\d{2}|20\d{2})\s*$/.exec(text) ?? []
  if (month === undefined || year === undefined || Number(month) < 1 || Number(month) > 12) return undefined
  return { month: Number(month), year: year.length === 2 ? 2000 + Number(year) : Number(year) }
}
