import type { Account } from '../account.ts'
import { get, getCustomer, getPrice } from '../get.ts'
import { displayPrice } from '../lifecycle/invoice-object.ts'
import { displayAmount } from '../lifecycle/money.ts'
import { periodEnd } from '../lifecycle/next-instant.ts'
import type { Invoice, PaymentMethod, Price, Subscription } from '../objects.ts'
import type { PortalConfiguration, PortalSession } from '../portal-objects.ts'
import { hasEnded } from '../lifecycle/subscription-status.ts'
import { safeLink } from './checkout-page.ts'
import { html, page, type Html } from './html.ts'

const brands: Readonly<Record<string, string>> = { visa: 'Visa', mastercard: 'Mastercard', amex: 'American Express' }

/** What a refused change says on the page. */
export interface PortalNotice {
  readonly text: string
}

/** The page on which a customer manages what the configuration lets them manage. */
export function portalPage(account: Account, session: PortalSession, notice?: PortalNotice): Response {
  const configuration = get(account.store.portalConfigurations, session.configuration)
  const customer = getCustomer(account.store, session.customer)
  const live = account.store.subscriptions.ofCustomer(customer.id).filter(({ status }) => !hasEnded(status))
  const content = html`<h1>${configuration.business_profile.headline ?? 'Your subscription'}</h1>
<p class="muted">${customer.email ?? customer.id}</p>
${notice === undefined ? html`` : html`<p class="alert" role="alert">${notice.text}</p>`}
${live.length === 0 ? html`<p>There is no running subscription.</p>` : live.map((subscription) => subscriptionSection(account, session, configuration, subscription))}
${configuration.features.payment_method_update.enabled ? cardSection(account, session) : html``}
${configuration.features.invoice_history.enabled ? invoiceSection(account, session) : html``}
${session.return_url === null ? html`` : html`<a class="back" href="${safeLink(session.return_url)}">Go back</a>`}`
  return page('Billing', content, notice === undefined ? 200 : 402)
}

/** The prices that a customer may switch to, as the configuration lists them. */
export function switchablePrices(
  account: Account,
  configuration: PortalConfiguration,
  subscription: Subscription,
): Price[] {
  const update = configuration.features.subscription_update
  if (!update.enabled || !update.default_allowed_updates.includes('price')) return []
  const current = subscription.items[0]?.price
  return (update.products ?? [])
    .flatMap(({ prices }) => prices)
    .map((id) => getPrice(account.store, id))
    .filter((price) => price.active && price.id !== current && price.currency === subscription.currency)
}

function subscriptionSection(
  account: Account,
  session: PortalSession,
  configuration: PortalConfiguration,
  subscription: Subscription,
): Html {
  const items = subscription.items.map((item) => {
    const price = getPrice(account.store, item.price)
    return html`<li><span>${productName(account, price)}</span><span>${displayPrice(price)}</span></li>`
  })
  const switches = switchablePrices(account, configuration, subscription).map(
    (price) =>
      html`<li><span>${productName(account, price)}, ${displayPrice(price)}</span>${button(session, subscription, 'switch', 'Switch', `Switch to ${productName(account, price)}, ${displayPrice(price)}`, price.id)}</li>`,
  )
  const isEnding = subscription.cancel_at !== null
  const cancel = configuration.features.subscription_cancel
  return html`<section aria-label="Subscription">
<ul>${items}</ul>
<p>${statusText(subscription)}</p>
${switches.length === 0 || isEnding ? html`` : html`<h2>Other plans</h2><ul>${switches}</ul>`}
${!isEnding && cancel.enabled ? button(session, subscription, 'cancel', cancel.mode === 'immediately' ? 'Cancel now' : 'Cancel subscription') : html``}
${isEnding && cancel.enabled ? button(session, subscription, 'resume', "Don't cancel") : html``}
</section>`
}

function statusText(subscription: Subscription): string {
  if (subscription.cancel_at !== null) return `Ends on ${day(subscription.cancel_at)}.`
  if (subscription.status === 'trialing') return `On trial until ${day(periodEnd(subscription))}.`
  if (subscription.status === 'past_due') return 'The last payment failed.'
  if (subscription.status === 'incomplete') return 'The first payment has not been made.'
  return `Renews on ${day(periodEnd(subscription))}.`
}

function button(
  session: PortalSession,
  subscription: Subscription,
  action: string,
  text: string,
  label: string = text,
  price?: string,
): Html {
  return html`<form method="post" action="${`/p/session/${session.id}`}">
<input type="hidden" name="subscription" value="${subscription.id}">
${price === undefined ? html`` : html`<input type="hidden" name="price" value="${price}">`}
<button name="action" value="${action}" aria-label="${label}">${text}</button>
</form>`
}

function cardSection(account: Account, session: PortalSession): Html {
  const [latest] = account.store.paymentMethods.ofCustomer(session.customer)
  const shown = latest === undefined ? 'No card yet.' : describeMethod(latest)
  return html`<h2>Payment method</h2><p>${shown}</p>
<form method="post" action="${`/p/session/${session.id}`}">
<label>New card number<input name="card" inputmode="numeric" autocomplete="off" required value="4242 4242 4242 4242"></label>
<button class="plain" name="action" value="card">Use this card</button>
</form>`
}

/** Such as `Visa ending in 4242, expires 12/2034`. */
function describeMethod({ card, us_bank_account }: PaymentMethod): string {
  if (card === undefined) return `Bank account ending in ${us_bank_account?.last4 ?? ''}`
  const expiry = `${String(card.exp_month).padStart(2, '0')}/${card.exp_year}`
  return `${brands[card.brand] ?? card.brand} ending in ${card.last4}, expires ${expiry}`
}

function invoiceSection(account: Account, session: PortalSession): Html {
  const rows = account.store.invoices.ofCustomer(session.customer).slice(0, 12)
  const list = rows.map((invoice: Invoice) => {
    const amount = displayAmount(invoice.total, invoice.currency)
    return html`<li><span>${day(invoice.created)}</span><span>${amount} (${invoice.status})</span></li>`
  })
  return html`<h2>Invoices</h2>${list.length === 0 ? html`<p>None yet.</p>` : html`<ul>${list}</ul>`}`
}

function productName(account: Account, price: Price): string {
  return account.store.products.find(price.product)?.name ?? price.product
}

function day(seconds: number): string {
  return new Date(seconds * 1000).toLocaleDateString('en-US', { dateStyle: 'long', timeZone: 'UTC' })
}
