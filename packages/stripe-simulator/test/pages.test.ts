import axe from 'axe-core'
import { type Browser, type Page, chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chromiumArguments, findChromium } from '../../../tools/chromium.mjs'
import { createPlan, idOf, openCheckout, startSimulator, subscribe } from './running-simulator.ts'

const executablePath = findChromium()
const email = 'ada.lovelace.who.has.a.long.address@department.example.com'

let browser: Browser | undefined

beforeAll(async () => {
  if (executablePath !== undefined) browser = await chromium.launch({ executablePath, args: chromiumArguments })
})

afterAll(() => browser?.close())

async function expectInOrder(page: Page): Promise<void> {
  await page.evaluate(axe.source)
  const violations: unknown = await page.evaluate('axe.run().then((result) => result.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))')
  expect(violations).toEqual([])
  const tooWide = "[...document.querySelectorAll('main *')].filter((part) => part.getBoundingClientRect().right > document.querySelector('main').getBoundingClientRect().right + 1).map((part) => part.outerHTML)"
  expect(await page.evaluate(tooWide)).toEqual([])
  expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')).toBe(true)
}

for (const [colorScheme, width] of [['light', 1000], ['dark', 320]] as const) {
  // skipped: there is no Chromium on this machine
  test.skipIf(executablePath === undefined)(`a person pays, is declined, switches and cancels by keyboard, in ${colorScheme} at ${width} px`, async () => {
    const page = await browser?.newPage({ viewport: { width, height: 800 }, colorScheme })
    if (page === undefined) throw new Error('There is a browser')
    const running = await startSimulator({ clock: { now: Date.UTC(2026, 3, 1), mode: 'frozen' } })
    const { stripe } = running
    const { product, month, year } = await createPlan(stripe)

    const paidAt = `${running.url}/_/clock`
    const { customer, session } = await openCheckout(stripe, month.id, { success_url: `${paidAt}?session={CHECKOUT_SESSION_ID}` })
    await stripe.customers.update(customer.id, { email })
    await page.goto(String(session.url))
    await expectInOrder(page)
    await page.getByRole('button', { name: 'Decline this card' }).press('Enter')
    expect(await page.getByRole('alert').textContent()).toContain('Your card was declined.')
    await expectInOrder(page)
    await page.getByLabel('Card number').press('Enter')
    expect(page.url()).toBe(`${paidAt}?session=${session.id}`)
    expect((await stripe.subscriptions.list({ customer: customer.id })).data).toMatchObject([{ status: 'active' }])
    await page.goto(String(session.url))
    await expectInOrder(page)

    const enabled = { enabled: true }
    const configuration = await stripe.billingPortal.configurations.create({
      features: {
        subscription_cancel: enabled,
        subscription_update: { ...enabled, default_allowed_updates: ['price'], products: [{ product: product.id, prices: [month.id, year.id] }] },
        payment_method_update: enabled,
        invoice_history: enabled,
      },
    })
    const portal = await stripe.billingPortal.sessions.create({ customer: customer.id, configuration: configuration.id, return_url: 'http://localhost/' })
    await page.goto(portal.url)
    await expectInOrder(page)
    await page.getByRole('button', { name: 'Switch to Pro, $290.00 / year' }).press('Enter')
    expect(await page.getByText('Renews on April 1, 2027.').count()).toBe(1)
    await page.getByRole('button', { name: 'Cancel subscription' }).press('Enter')
    expect(await page.getByText('Ends on April 1, 2027.').count()).toBe(1)
    await expectInOrder(page)
    await page.getByRole('button', { name: "Don't cancel" }).press('Enter')
    await page.getByLabel('New card number').fill('4000 0000 0000 0002')
    await page.getByRole('button', { name: 'Use this card' }).press('Enter')
    expect(await page.getByRole('alert').count()).toBe(1)
    await expectInOrder(page)
    expect((await stripe.subscriptions.list({ customer: customer.id })).data).toMatchObject([{ cancel_at: null, items: { data: [{ price: { id: year.id } }] } }])
    await page.close()
  })
}

for (const [colorScheme, width] of [['light', 1000], ['dark', 1000], ['light', 320], ['dark', 320]] as const) {
  // skipped: there is no Chromium on this machine
  test.skipIf(executablePath === undefined)(`every page is in order, in ${colorScheme} at ${width} px`, async () => {
    const page = await browser?.newPage({ viewport: { width, height: 800 }, colorScheme })
    if (page === undefined) throw new Error('There is a browser')
    const running = await startSimulator({ clock: { now: Date.UTC(2026, 3, 1), mode: 'frozen' } })
    const { stripe } = running
    const { product, month, year } = await createPlan(stripe)
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    await stripe.promotionCodes.create({ code: 'HALF', promotion: { type: 'coupon', coupon: coupon.id } })

    const { customer, session } = await openCheckout(stripe, month.id, { allow_promotion_codes: true })
    await page.goto(String(session.url))
    const code = page.getByLabel('Promotion code')
    await code.fill('NONE')
    await code.press('Enter')
    expect(await page.getByRole('alert').textContent()).toBe('This code is invalid.')
    await expectInOrder(page)
    await code.fill('half')
    await code.press('Enter')
    await page.getByRole('button', { name: 'Remove code' }).waitFor()
    await expectInOrder(page)
    await page.getByLabel('Card', { exact: true }).press('ArrowRight')
    expect(await page.getByLabel('Card number').isVisible()).toBe(false)
    expect(await page.getByRole('button', { name: 'Decline this card' }).isVisible()).toBe(false)
    await page.getByLabel('Test account').selectOption('000222222227')
    await expectInOrder(page)

    const free = await openCheckout(stripe, year.id, { payment_method_collection: 'if_required', subscription_data: { trial_period_days: 14 } })
    const saving = await stripe.checkout.sessions.create({ mode: 'setup', currency: 'usd', success_url: 'http://localhost/' })
    for (const url of [free.session.url, saving.url, `${running.url}/i/in_none`]) {
      await page.goto(String(url))
      await expectInOrder(page)
    }

    running.simulator.completeCheckout(session.id)
    const enabled = { enabled: true }
    const configuration = await stripe.billingPortal.configurations.create({
      features: {
        subscription_cancel: enabled,
        payment_method_update: enabled,
        invoice_history: enabled,
        subscription_pause: { ...enabled, duration: { type: 'interval_options', interval_options: [{ interval: 'month' }, { interval: 'month', interval_count: 3 }] } },
        subscription_update: {
          ...enabled,
          default_allowed_updates: ['price', 'promotion_code', 'quantity'],
          products: [{ product: product.id, prices: [month.id, year.id] }],
          schedule_at_period_end: { conditions: [{ type: 'decreasing_item_amount' }] },
        },
      },
    })
    const portal = await stripe.billingPortal.sessions.create({ customer: customer.id, configuration: configuration.id })
    await page.goto(portal.url)
    const quantity = page.getByLabel('Quantity')
    for (const [count, said] of [['4', 'Renews on May 1, 2026.'], ['2', 'Changes to Pro × 2, $29.00 / month on May 1, 2026.']] as const) {
      await quantity.fill(count)
      await quantity.press('Enter')
      await page.getByText(said).waitFor()
      await expectInOrder(page)
    }
    await page.getByRole('button', { name: 'Keep the current plan' }).press('Enter')
    await page.getByRole('button', { name: 'Pause for 1 month' }).press('Enter')
    await page.getByText('Paused until May 1, 2026.').waitFor()
    await expectInOrder(page)
    await page.getByRole('link', { name: 'Invoice of April 1, 2026' }).first().press('Enter')
    await page.getByRole('heading', { name: /^Invoice / }).waitFor()
    await expectInOrder(page)

    const asking = 'pm_card_threeDSecure2Required'
    const waiting = await stripe.customers.create({ email, payment_method: asking, invoice_settings: { default_payment_method: asking } })
    const { latest_invoice } = await stripe.subscriptions.create({ customer: waiting.id, items: [{ price: month.id }] })
    const { hosted_invoice_url } = await stripe.invoices.retrieve(idOf(latest_invoice))
    await page.goto(String(hosted_invoice_url))
    await expectInOrder(page)
    await page.getByRole('button', { name: 'Fail authentication' }).press('Enter')
    await page.getByRole('alert').waitFor()
    await expectInOrder(page)
    await page.getByLabel('Card number').press('Enter')
    await page.getByText('$29.00, paid.').waitFor()
    await expectInOrder(page)
    await page.close()
  })
}

test('a subscription whose first payment failed is not said to renew', async () => {
  const running = await startSimulator()
  const { month } = await createPlan(running.stripe)
  const { customer } = await subscribe(running, month.id)
  await running.stripe.subscriptions.create({ customer: customer.id, items: [{ price: month.id }], default_payment_method: 'pm_card_chargeCustomerFail' })
  const { id: configuration } = await running.stripe.billingPortal.configurations.create({ features: { invoice_history: { enabled: true } } })
  const portal = await running.stripe.billingPortal.sessions.create({ customer: customer.id, configuration })
  expect(await (await fetch(portal.url)).text()).toContain('The first payment has not been made.')
})
