import type { Account } from '../account.ts'
import { productName } from '../get.ts'
import { displayPrice } from '../lifecycle/invoices/invoice-object.ts'
import { periodEnd } from '../lifecycle/next-instant.ts'
import type { Price, Subscription } from '../objects.ts'
import type { PauseLength, PortalConfiguration, PortalQuantity, PortalSession } from '../portal-objects.ts'
import { day } from './display.ts'
import { html, type Html } from './html.ts'
import { isScheduledChange, type PortalOffers } from './portal-offers.ts'

interface Forms {
  readonly session: PortalSession
  readonly configuration: PortalConfiguration
  readonly subscription: Subscription
  readonly offers: PortalOffers
}

/** The forms with which a customer changes a subscription: one for each thing that is offered. */
export function portalForms(account: Account, forms: Forms): Html {
  const { configuration, offers, subscription } = forms
  const { switches, quantity, pauses } = offers
  const cancelText = configuration.features.subscription_cancel.mode === 'immediately' ? 'Cancel now' : 'Cancel subscription'
  const actions = [
    ...pauses.map((length, index) => button(forms, 'pause', pauseText(length), { length: String(index) })),
    ...(offers.canUnpause ? [button(forms, 'unpause', 'Resume subscription')] : []),
    ...(offers.canDropChange ? [button(forms, 'drop-change', 'Keep the current plan')] : []),
    ...(offers.canCancel ? [button(forms, 'cancel', cancelText)] : []),
    ...(offers.canKeep ? [button(forms, 'resume', "Don't cancel")] : []),
  ]
  return html`${quantity === undefined ? html`` : quantityForm(forms, quantity, subscription.items[0]?.quantity ?? 1)}
${offers.takesPromotionCode ? codeForm(forms) : html``}
${switches.length === 0 ? html`` : html`<h2>Other plans</h2><ul>${switches.map((price) => switchRow(account, forms, price))}</ul>`}
${actions.length === 0 ? html`` : html`<div class="actions">${actions}</div>`}`
}

function switchRow(account: Account, forms: Forms, price: Price): Html {
  const { configuration, subscription } = forms
  const [item] = subscription.items
  const name = productName(account.store, price)
  const wanted = { price: price.id, quantity: item?.quantity ?? 1 }
  const waits = item !== undefined && isScheduledChange(account, configuration, subscription, item, wanted)
  const when = waits ? ` from ${day(periodEnd(subscription))} on` : ''
  const label = `Switch to ${name}, ${displayPrice(price)}${when}`
  return html`<li><span class="name">${name}, ${displayPrice(price)}${waits ? html`<span class="muted note">${when.trim()}</span>` : html``}</span>${button(forms, 'switch', 'Switch', { price: price.id }, label)}</li>`
}

function quantityForm(forms: Forms, { minimum, maximum }: PortalQuantity, quantity: number): Html {
  const most = maximum === null ? html`` : html` max="${maximum}"`
  return form(
    forms,
    html`<label>Quantity<input name="quantity" type="number" inputmode="numeric" required min="${minimum}"${most} value="${quantity}"></label>
<button name="action" value="quantity">Update quantity</button>`,
  )
}

function codeForm(forms: Forms): Html {
  return form(
    forms,
    html`<label>Promotion code<input name="code" autocomplete="off" required></label>
<button name="action" value="promotion">Apply code</button>`,
  )
}

function button(
  forms: Forms,
  action: string,
  text: string,
  fields: Readonly<Record<string, string>> = {},
  label: string = text,
): Html {
  const hidden = Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)
  return form(forms, html`${hidden}<button name="action" value="${action}" aria-label="${label}">${text}</button>`, 'single')
}

function form(forms: Forms, content: Html, kind: 'inline' | 'single' = 'inline'): Html {
  return html`<form class="${kind}" method="post" action="${`/p/session/${forms.session.id}`}">
<input type="hidden" name="subscription" value="${forms.subscription.id}">
${content}
</form>`
}

function pauseText(length: PauseLength | 'indefinite'): string {
  if (length === 'indefinite') return 'Pause subscription'
  const { interval, interval_count } = length
  return `Pause for ${interval_count} ${interval}${interval_count === 1 ? '' : 's'}`
}
