import type { Account } from '../account.ts'
import { displayAmount } from '../lifecycle/amounts/money.ts'
import type { Invoice, InvoiceLine } from '../objects.ts'
import type { PaymentIntent, SetupIntent } from '../payment-objects.ts'
import { html, page, type Html } from './html.ts'

/** The 3-D Secure of a bank, on which a person authenticates or fails. */
export function authenticationPage(intent: PaymentIntent | SetupIntent): Response {
  const what = isPayment(intent) ? `a payment of ${displayAmount(intent.amount, intent.currency)}` : 'saving your card'
  if (intent.status !== 'requires_action') {
    const text = intent.status === 'succeeded' ? 'You are authenticated.' : 'There is nothing to authenticate.'
    return page('Authentication', html`<h1>${text}</h1><p class="muted">You can close this page.</p>`)
  }
  return page('Authentication', challenge(`/authenticate/${intent.id}`, what, html``))
}

function isPayment(intent: PaymentIntent | SetupIntent): intent is PaymentIntent {
  return intent.object === 'payment_intent'
}

/** The same within another page: its form carries what that page needs to go on. */
export function challengePage(action: string, what: string, carried: Readonly<Record<string, string>>): Response {
  const fields = Object.entries(carried).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)
  return page('Authentication', challenge(action, what, html`${fields}`))
}

/** The page of an invoice: what is due, and how to pay it. */
export function invoicePage(account: Account, invoice: Invoice, intent: PaymentIntent | undefined, refusal?: string): Response {
  const amount = displayAmount(invoice.amount_due, invoice.currency)
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
    return page('Invoice', html`<h1>Invoice ${invoice.number ?? invoice.id}</h1><p>${amount}, ${invoice.status}.</p>`)
  }
  if (intent?.status === 'requires_action') return page('Invoice', challenge(`/i/${invoice.id}`, `a payment of ${amount}`, html``))
  const alert = refusal === undefined ? html`` : html`<p class="alert" role="alert" id="refusal">${refusal}</p>`
  const content = html`<h1>Invoice ${invoice.number ?? invoice.id}</h1>
<p class="muted">${account.store.customers.find(invoice.customer)?.email ?? ''}</p>
<p class="price">${amount}</p>
${alert}
<ul aria-label="What you pay for">${invoice.lines.map((line) => lineOf(line, invoice.currency))}</ul>
<form method="post" action="${`/i/${invoice.id}`}">
<label>Card number<input name="card" inputmode="numeric" autocomplete="off" required value="4242 4242 4242 4242"></label>
<button class="primary" name="action" value="pay">Pay ${amount}</button>
</form>`
  return page('Invoice', content, refusal === undefined ? 200 : 402)
}

function lineOf({ amount, description }: InvoiceLine, currency: string): Html {
  return html`<li><span class="name">${description ?? 'Item'}</span><span>${displayAmount(amount, currency)}</span></li>`
}

function challenge(action: string, what: string, carried: Html): Html {
  return html`<h1>Authenticate with your bank</h1>
<p>Your bank asks you to confirm ${what}.</p>
<form method="post" action="${action}">
${carried}
<button class="primary" name="action" value="authenticate">Complete authentication</button>
<button class="plain" name="action" value="fail" formnovalidate>Fail authentication</button>
</form>`
}
