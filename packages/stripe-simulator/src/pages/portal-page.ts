import type { Account } from '../account.ts'
import { get, getCustomer, getPriceIn } from '../get.ts'
import { displayAmount } from '../lifecycle/amounts/money.ts'
import { displayPrice } from '../lifecycle/invoices/invoice-object.ts'
import { periodEnd } from '../lifecycle/next-instant.ts'
import { hasEnded } from '../lifecycle/subscription-status.ts'
import type { Invoice, PaymentMethod, Subscription } from '../objects.ts'
import type { PortalConfiguration, PortalSession } from '../portal-objects.ts'
import { day, safeLink } from './display.ts'
import { html, page, type Html } from './html.ts'
import { portalForms } from './portal-forms.ts'
import { offersFor, scheduledChange, type WantedChange } from './portal-offers.ts'

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
${live.length === 0 ? html`<p class="empty">There is no running subscription.</p>` : live.map((subscription) => subscriptionSection(account, session, configuration, subscription))}
${configuration.features.payment_method_update.enabled ? cardSection(account, session) : html``}
${configuration.features.invoice_history.enabled ? invoiceSection(account, session) : html``}
${session.return_url === null ? html`` : html`<a class="back" href="${safeLink(session.return_url)}">Go back</a>`}`
  return page('Billing', content, notice === undefined ? 200 : 402)
}

function subscriptionSection(
  account: Account,
  session: PortalSession,
  configuration: PortalConfiguration,
  subscription: Subscription,
): Html {
  const items = subscription.items.map(
    (item) => html`<li><span class="name">${itemName(account, subscription, item)}</span><span>${priceOf(account, subscription, item)}</span></li>`,
  )
  const offers = offersFor(account, configuration, subscription)
  const forms = portalForms(account, { session, configuration, subscription, offers })
  return html`<section class="subscription" aria-label="Subscription">
<ul class="items">${items}</ul>
<p>${statusText(account, subscription)}</p>
${discountsText(account, subscription)}
${forms}
</section>`
}

function statusText(account: Account, subscription: Subscription): string {
  const change = scheduledChange(account, subscription)
  if (subscription.cancel_at !== null) return `Ends on ${day(subscription.cancel_at)}.`
  if (change !== undefined) {
    const names = change.items.map((item) => `${itemName(account, subscription, item)}, ${priceOf(account, subscription, item)}`)
    return `Changes to ${names.join(' and ')} on ${day(change.at)}.`
  }
  switch (subscription.status) {
    case 'trialing':
      return `On trial until ${day(periodEnd(subscription))}.`
    case 'past_due':
    case 'unpaid':
      return 'The last payment failed.'
    case 'incomplete':
      return 'The first payment has not been made.'
    case 'paused':
      return pausedText(subscription)
    default:
      return `Renews on ${day(periodEnd(subscription))}.`
  }
}

function pausedText({ internal }: Subscription): string {
  if (internal.resumption !== undefined) return 'Paused. It resumes once its invoice is paid.'
  return internal.resumesAt === undefined ? 'Paused.' : `Paused until ${day(internal.resumesAt)}.`
}

function discountsText(account: Account, { discounts }: Subscription): Html {
  const names = discounts
    .map((id) => get(account.store.discounts, id))
    .filter(({ internal }) => !internal.isOver)
    .map(({ source }) => get(account.store.coupons, source.coupon))
    .map((coupon) => coupon.name ?? (coupon.percent_off === null ? displayAmount(coupon.amount_off ?? 0, coupon.currency ?? 'usd') : `${coupon.percent_off}%`))
  return names.length === 0 ? html`` : html`<p class="muted">Discount: ${names.join(', ')}</p>`
}

function itemName(account: Account, subscription: Subscription, { price, quantity }: WantedChange): string {
  const { product } = getPriceIn(account.store, price, subscription.currency)
  const name = account.store.products.find(product)?.name ?? product
  return quantity === 1 ? name : `${name} × ${quantity}`
}

function priceOf(account: Account, subscription: Subscription, { price }: WantedChange): string {
  return displayPrice(getPriceIn(account.store, price, subscription.currency))
}

function cardSection(account: Account, session: PortalSession): Html {
  const customer = getCustomer(account.store, session.customer)
  const paying = account.store.paymentMethods.find(customer.invoice_settings.default_payment_method ?? '')
  const latest = paying ?? account.store.paymentMethods.ofCustomer(session.customer)[0]
  const shown = latest === undefined ? 'No card yet.' : describeMethod(latest)
  return html`<section aria-label="Payment method"><h2>Payment method</h2><p>${shown}</p>
<form method="post" action="${`/p/session/${session.id}`}">
<label>New card number<input name="card" inputmode="numeric" autocomplete="off" required value="4242 4242 4242 4242"></label>
<button class="plain" name="action" value="card">Use this card</button>
</form></section>`
}

/** Such as `Visa ending in 4242, expires 12/2034`. */
function describeMethod({ card, us_bank_account }: PaymentMethod): string {
  if (card === undefined) return `Bank account ending in ${us_bank_account?.last4 ?? ''}`
  const expiry = `${String(card.exp_month).padStart(2, '0')}/${card.exp_year}`
  return `${brands[card.brand] ?? card.brand} ending in ${card.last4}, expires ${expiry}`
}

function invoiceSection(account: Account, session: PortalSession): Html {
  const rows = account.store.invoices.ofCustomer(session.customer).filter(({ status }) => status !== 'draft').slice(0, 12)
  const list = rows.map((invoice: Invoice) => {
    const amount = displayAmount(invoice.total, invoice.currency)
    const link = html`<a href="${`/i/${invoice.id}`}" aria-label="${`Invoice of ${day(invoice.created)}, ${amount}, ${invoice.status}`}">${day(invoice.created)}</a>`
    return html`<li>${link}<span>${amount} <span class="status">${invoice.status}</span></span></li>`
  })
  return html`<section aria-label="Invoices"><h2>Invoices</h2>${list.length === 0 ? html`<p>None yet.</p>` : html`<ul>${list}</ul>`}</section>`
}
