import type { Account } from '../account.ts'
import { getPrice } from '../get.ts'
import { trialEndOf } from '../lifecycle/session-trial.ts'
import { displayPrice } from '../lifecycle/invoice-object.ts'
import { displayAmount } from '../lifecycle/money.ts'
import { sessionAmounts } from '../lifecycle/session-amounts.ts'
import type { CheckoutSession } from '../objects.ts'
import { html, page, type Html } from './html.ts'

/** The page of an open session, on which a person pays or tries a card that is declined. */
export function checkoutPage(
  account: Account,
  session: CheckoutSession,
  refusedBecause: string | undefined,
  entered: { readonly card: string; readonly email: string },
): Response {
  const lines = session.internal.lineItems.map((line) => {
    const price = getPrice(account.store, line.price)
    const name = account.store.products.find(price.product)?.name ?? price.product
    const quantity = line.quantity === 1 ? '' : ` × ${line.quantity}`
    return html`<li><span>${name}${quantity}</span><span>${displayPrice(price)}</span></li>`
  })
  const status = refusedBecause === undefined ? 200 : 402
  const email = customerEmail(account, session)
  const content = html`<h1>${heading(account, session)}</h1>
${summary(account, session)}
${refusedBecause === undefined ? html`` : html`<p class="alert" role="alert" id="refusal">${refusedBecause} Try another card.</p>`}
<ul aria-label="What you pay for">${lines}</ul>
<form method="post" action="${`/c/pay/${session.id}`}">
<fieldset>
${
  email === null
    ? html`<label>Email<input name="email" type="email" autocomplete="email" required value="${entered.email}"></label>`
    : html`<p>Paying as <strong>${email}</strong></p>`
}
<label>Card number<input name="card" inputmode="numeric" autocomplete="off" required value="${entered.card}"${
    refusedBecause === undefined ? html`` : html` aria-invalid="true" aria-describedby="refusal"`
  }></label>
<div class="row">
<label>Expires<input name="expiry" inputmode="numeric" autocomplete="off" value="12 / 34"></label>
<label>CVC<input name="cvc" inputmode="numeric" autocomplete="off" value="123"></label>
</div>
</fieldset>
<button class="primary" name="action" value="pay">${session.mode === 'subscription' ? 'Pay and subscribe' : 'Pay'}</button>
<button class="plain" name="action" value="decline" formnovalidate>Decline this card</button>
</form>
${session.cancel_url === null ? html`` : html`<a class="back" href="${safeLink(session.cancel_url)}">Go back without paying</a>`}`
  return page('Checkout', content, status)
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

/** A link that cannot run script. */
export function safeLink(url: string): string {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : '#'
}

function heading(account: Account, session: CheckoutSession): string {
  const [line] = session.internal.lineItems
  if (line === undefined) return 'Checkout'
  const price = getPrice(account.store, line.price)
  const name = account.store.products.find(price.product)?.name ?? price.product
  return session.mode === 'subscription' ? `Subscribe to ${name}` : `Pay for ${name}`
}

function summary(account: Account, session: CheckoutSession): Html {
  const amounts = sessionAmounts(account.store, session.internal.lineItems, session.currency ?? 'usd', session.discounts)
  const total = amounts.subtotal - amounts.discount
  const [line] = session.internal.lineItems
  const recurring = line === undefined ? null : getPrice(account.store, line.price).recurring
  const every =
    recurring === null
      ? ''
      : recurring.interval_count === 1
        ? ` per ${recurring.interval}`
        : ` every ${recurring.interval_count} ${recurring.interval}s`
  const trialEnd = trialEndOf(account, session)
  const price = html`<span class="price">${displayAmount(total, session.currency ?? 'usd')}</span>${every}`
  if (trialEnd === null) return html`<p>${price}</p>`
  const day = new Date(trialEnd * 1000).toLocaleDateString('en-US', { dateStyle: 'long', timeZone: 'UTC' })
  return html`<p class="trial">Free until ${day}</p><p>then ${displayAmount(total, session.currency ?? 'usd')}${every}</p>`
}

function customerEmail(account: Account, session: CheckoutSession): string | null {
  if (session.customer === null) return session.customer_email
  const customer = account.store.customers.find(session.customer)
  return customer?.email ?? session.customer
}
