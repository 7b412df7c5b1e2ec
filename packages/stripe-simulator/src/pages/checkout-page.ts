import type { Account } from '../account.ts'
import { get, getPriceIn, productName } from '../get.ts'
import { displayAmount } from '../lifecycle/amounts/money.ts'
import { asksForMethod } from '../lifecycle/checkout/complete-checkout.ts'
import { sessionAmounts } from '../lifecycle/checkout/session-amounts.ts'
import { trialEndOf } from '../lifecycle/checkout/session-trial.ts'
import { displayPrice } from '../lifecycle/invoices/invoice-object.ts'
import { bankAccountChoices } from '../lifecycle/payments/bank-accounts.ts'
import type { CheckoutSession } from '../objects.ts'
import { day, safeLink } from './display.ts'
import { html, page, type Html } from './html.ts'

/** What a person has entered, shown again when it was refused. */
export interface Entered {
  readonly card: string
  readonly email: string
  readonly code?: string
  readonly bankAccount?: string
}

/** Why the page is shown again: what was paid with was refused, or the promotion code was. */
export interface Refusal {
  readonly of: 'payment' | 'code'
  readonly because: string
}

/** The page of an open session, on which a person pays or tries a card that is declined. */
export function checkoutPage(account: Account, session: CheckoutSession, entered: Entered, refusal?: Refusal): Response {
  const lines = session.internal.lineItems.map((line) => {
    const price = getPriceIn(account.store, line.price, currencyOf(session))
    const quantity = line.quantity === 1 ? '' : ` × ${line.quantity}`
    return html`<li><span class="name">${productName(account.store, price)}${quantity}</span><span>${displayPrice(price)}</span></li>`
  })
  const asks = asksForMethod(session)
  const content = html`<h1>${heading(account, session)}</h1>
${session.mode === 'setup' ? html`` : summary(account, session)}
${refusal === undefined ? html`` : html`<p class="alert" role="alert" id="refusal">${alertText(refusal, asks)}</p>`}
${lines.length === 0 ? html`` : html`<ul aria-label="What you pay for">${lines}${discountLine(account, session)}${taxLine(account, session)}</ul>`}
${session.allow_promotion_codes === true ? promotionForm(session, entered, refusal) : html``}
<form method="post" action="${`/c/pay/${session.id}`}">
${emailField(account, session, entered)}
${asks ? methodFields(account, session, entered, refusal) : html`<p class="muted">No card is needed.</p>`}
<button class="primary" name="action" value="pay">${payText(session, asks)}</button>
${asks ? html`<button class="plain by-card" name="action" value="decline" formnovalidate>Decline this card</button>` : html``}
</form>
${session.cancel_url === null ? html`` : html`<a class="back" href="${safeLink(session.cancel_url)}">${session.mode === 'setup' ? 'Go back' : 'Go back without paying'}</a>`}`
  return page('Checkout', content, refusal === undefined ? 200 : 402)
}

/** What is shown for a session that can no longer be paid. */
export function closedCheckoutPage(session: CheckoutSession): Response {
  const text = session.status === 'complete' ? 'This checkout has been paid.' : 'This checkout has expired.'
  return page('Checkout', html`<h1>${text}</h1><p class="muted">You can close this page.</p>`, 410)
}

/** Where the browser goes after paying. */
export function successLocation(session: CheckoutSession): string {
  return session.success_url.replaceAll('{CHECKOUT_SESSION_ID}', session.id)
}

/** A card that is good for ten years, as the page suggests it. */
function suggestedExpiry(account: Account): string {
  return `12 / ${String(new Date(account.clock.now()).getUTCFullYear() + 10).slice(-2)}`
}

function emailField(account: Account, session: CheckoutSession, entered: Entered): Html {
  const email = customerEmail(account, session)
  if (email !== null) return html`<p>${session.mode === 'setup' ? 'For' : 'Paying as'} <strong>${email}</strong></p>`
  return html`<label>Email<input name="email" type="email" autocomplete="email" required value="${entered.email}"></label>`
}

/** Without script: the choice shows its own fields by style alone. */
function methodFields(account: Account, session: CheckoutSession, entered: Entered, refusal: Refusal | undefined): Html {
  const wrong = refusal?.of === 'payment' ? html` aria-invalid="true" aria-describedby="refusal"` : html``
  const card = html`<div class="by-card">
<label>Card number<input name="card" inputmode="numeric" autocomplete="off" value="${entered.card}"${wrong}></label>
<div class="row">
<label>Expires<input name="expiry" inputmode="numeric" autocomplete="off" value="${suggestedExpiry(account)}"></label>
<label>CVC<input name="cvc" inputmode="numeric" autocomplete="off" value="123"></label>
</div>
</div>`
  if (!takesBankAccounts(session)) return card
  const choices = bankAccountChoices().map(
    ({ number, outcome }) => html`<option value="${number}"${number === entered.bankAccount ? html` selected` : html``}>${number}, ${outcome}</option>`,
  )
  const isBank = entered.bankAccount !== undefined
  return html`<fieldset class="methods"><legend>${session.mode === 'setup' ? 'What to save' : 'Pay with'}</legend>
<label class="choice"><input type="radio" name="method" value="card"${isBank ? html`` : html` checked`}>Card</label>
<label class="choice"><input type="radio" name="method" value="bank"${isBank ? html` checked` : html``}>US bank account</label>
${card}
<label class="by-bank">Test account<select name="bankAccount">${choices}</select></label>
</fieldset>`
}

function takesBankAccounts(session: CheckoutSession): boolean {
  const types: unknown = session['payment_method_types']
  return Array.isArray(types) && types.includes('us_bank_account')
}

function promotionForm(session: CheckoutSession, entered: Entered, refusal: Refusal | undefined): Html {
  if (session.discounts.length > 0) {
    return html`<form class="inline" method="post" action="${`/c/pay/${session.id}`}"><button name="action" value="drop-code">Remove code</button></form>`
  }
  const wrong = refusal?.of === 'code' ? html` aria-invalid="true" aria-describedby="refusal"` : html``
  return html`<form class="inline" method="post" action="${`/c/pay/${session.id}`}">
<label>Promotion code<input name="code" autocomplete="off" required value="${entered.code ?? ''}"${wrong}></label>
<button name="action" value="code">Apply code</button>
</form>`
}

function discountLine(account: Account, session: CheckoutSession): Html {
  const [reference] = session.discounts
  if (reference === undefined) return html``
  const { promotion_code } = reference
  const code = promotion_code === null ? undefined : get(account.store.promotionCodes, promotion_code)
  const { discount } = amountsOf(account, session).whole
  return html`<li><span class="name">${code?.code ?? 'Discount'}</span><span>−${displayAmount(discount, currencyOf(session))}</span></li>`
}

function taxLine(account: Account, session: CheckoutSession): Html {
  const { tax } = amountsOf(account, session).whole
  return tax === 0 ? html`` : html`<li><span class="name">Tax</span><span>${displayAmount(tax, currencyOf(session))}</span></li>`
}

function alertText({ of, because }: Refusal, asks: boolean): string {
  return of === 'payment' && asks ? `${because} Try another card.` : because
}

function payText(session: CheckoutSession, asks: boolean): string {
  if (session.mode === 'setup') return 'Save'
  if (session.mode === 'payment') return 'Pay'
  if (asks) return 'Pay and subscribe'
  return session.internal.trial === null ? 'Subscribe' : 'Start trial'
}

function heading(account: Account, session: CheckoutSession): string {
  const [line] = session.internal.lineItems
  if (line === undefined) return session.mode === 'setup' ? 'Save a payment method' : 'Checkout'
  const name = productName(account.store, getPriceIn(account.store, line.price, currencyOf(session)))
  return session.mode === 'subscription' ? `Subscribe to ${name}` : `Pay for ${name}`
}

function summary(account: Account, session: CheckoutSession): Html {
  const total = displayAmount(amountsOf(account, session).whole.total, currencyOf(session))
  const every = rhythmOf(account, session)
  const trialEnd = trialEndOf(account, session)
  if (trialEnd === null) return html`<p><span class="price">${total}</span>${every}</p>`
  return html`<p class="trial">Free until ${day(trialEnd)}</p><p>then ${total}${every}</p>`
}

function rhythmOf(account: Account, session: CheckoutSession): string {
  const [line] = session.internal.lineItems
  const recurring = line === undefined ? null : getPriceIn(account.store, line.price, currencyOf(session)).recurring
  if (recurring === null) return ''
  const { interval, interval_count } = recurring
  return interval_count === 1 ? ` per ${interval}` : ` every ${interval_count} ${interval}s`
}

function amountsOf(account: Account, session: CheckoutSession): ReturnType<typeof sessionAmounts> {
  return sessionAmounts(account.store, session)
}

function currencyOf(session: CheckoutSession): string {
  return session.currency ?? 'usd'
}

function customerEmail(account: Account, session: CheckoutSession): string | null {
  if (session.customer === null) return session.customer_email
  const customer = account.store.customers.find(session.customer)
  return customer?.email ?? session.customer
}
