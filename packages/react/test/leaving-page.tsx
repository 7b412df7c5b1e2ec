import { createRoot } from 'react-dom/client'
import { BillingNotice, BillingProvider, CheckoutButton, PortalButton, PricingTable, UpgradePrompt } from '../src/index.ts'
import { mockPlans } from '../src/testing/mock-answers.ts'

// With the client that an app has: its own requests, and the browser's way to another page.
createRoot(document.body.appendChild(document.createElement('main'))).render(
  <BillingProvider>
    <CheckoutButton plan="pro" interval="month">Checkout</CheckoutButton>
    <PortalButton>Portal</PortalButton>
    <PricingTable plans={mockPlans()} />
    <UpgradePrompt.Root feature="tokens">
      <UpgradePrompt.Action>Upgrade</UpgradePrompt.Action>
    </UpgradePrompt.Root>
    <BillingNotice />
  </BillingProvider>,
)

// While a page is being left nobody can ask it anything: it presses again by itself, and tells what becomes of the button.
async function tell(what: string): Promise<void> {
  await fetch('/told', { method: 'PUT', body: what, keepalive: true })
}
async function pressAgain(button: HTMLElement): Promise<void> {
  new MutationObserver(() => void tell(button.ariaBusy ? 'busy' : 'ready')).observe(button, { attributeFilter: ['aria-busy'] })
  await fetch('/left')
  // Nor does any other one lead away now.
  for (const other of document.querySelectorAll('button')) other.click()
  await tell('pressed again')
}
addEventListener('click', ({ target }) => {
  if (target instanceof HTMLElement) void pressAgain(target)
}, { once: true })
