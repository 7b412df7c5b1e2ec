import axe from 'axe-core'
import { type Browser, type Page, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumArguments, findChromium } from '../../../tools/chromium.mjs'
import { type AppPlace, createAppPlace } from './running-app.ts'

const executablePath = findChromium()

/** Pages are compiled when they are first asked for: how long that takes on a busy machine decides nothing. */
const patience = 600_000

/** A click before React is there is lost. */
const untilLive = { waitUntil: 'networkidle' } as const

const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click()
const meterAt = (page: Page, text: string): Promise<void> => page.locator(`[role="meter"][aria-valuetext^="${text}"]`).first().waitFor()

async function expectFit(page: Page): Promise<void> {
  await page.evaluate(axe.source)
  // What stands in `nextjs-portal` is Next's own, while developing.
  const violations: unknown = await page.evaluate(
    'axe.run({ exclude: ["nextjs-portal"] }).then((result) => result.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))',
  )
  expect(violations).toEqual([])
  expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')).toBe(true)
}

// skipped: there is no Chromium on this machine
describe.skipIf(executablePath === undefined)('the app', () => {
  let place: AppPlace
  let stop: () => Promise<void>
  let browser: Browser
  const faults: string[] = []

  beforeAll(async () => {
    place = await createAppPlace()
    stop = await place.start()
    browser = await chromium.launch({ args: chromiumArguments, ...(executablePath !== undefined && { executablePath }) })
  }, patience)

  afterAll(async () => {
    await browser?.close()
    await stop?.()
    place?.remove()
  })

  async function open(path: string, name: string | null, colorScheme: 'light' | 'dark' = 'light', width = 1000): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme, locale: 'ar-EG', timezoneId: 'Pacific/Auckland' })
    context.setDefaultTimeout(patience)
    if (name !== null) await context.addCookies([{ name: 'session', value: name, url: place.url }])
    const page = await context.newPage()
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => {
      // A status is what a route answered, and no fault of the page: the story is about refusals.
      const isStatus = message.text().startsWith('Failed to load resource')
      if (['error', 'warning'].includes(message.type()) && !isStatus) faults.push(message.text())
    })
    page.on('response', (response) => {
      if (response.status() === 401) faults.push(`${response.url()} was asked for in vain`)
    })
    await page.goto(`${place.url}${path}`, untilLive)
    return page
  }

  test('says in a line what to do where a port is taken', async () => {
    const line = 'listen EADDRINUSE: address already in use .*: stop what listens there, or set STRIPE_SIMULATOR_PORT to another port'
    await expect(place.start()).rejects.toThrow(new RegExp(`^The app ended:\n${line}\n$`))
  }, patience)

  test('shows the plans to everybody, lets nobody in without a name, and sends the page before the numbers', async () => {
    const page = await open('/', null)
    await page.waitForURL('**/sign-in')
    await expectFit(page)
    await page.getByLabel('Name').fill('ada')
    await press(page, 'Sign in')
    await meterAt(page, '0 of 5 fortunes')
    expect(await (await fetch(place.url, { headers: { cookie: 'session=ada' } })).text()).toContain('aria-valuetext="0 of 5 fortunes"')
    await press(page, 'Sign out')
    await page.waitForURL('**/sign-in')
    await page.context().close()
    const plans = await open('/pricing', null, 'dark')
    await plans.getByRole('link', { name: 'Choose Pro' }).waitFor()
    await expectFit(plans)
    await plans.context().close()
    expect(faults).toEqual([])
  }, patience)

  test('counts, refuses with an offer, and goes on once the plan is paid', async () => {
    const page = await open('/', 'ada')
    for (let count = 1; count <= 5; count += 1) {
      await press(page, 'Draw a fortune')
      await meterAt(page, `${count} of 5 fortunes`)
    }
    expect(await page.getByRole('button', { name: 'Draw a fortune' }).and(page.locator(':focus')).count()).toBe(1)
    await page.getByText('A small yes today saves a large no in spring.').waitFor()
    await press(page, 'Open the book')
    await page.getByText('Pro includes it.').waitFor()
    await press(page, 'Draw a fortune')
    await page.getByText('Pro includes 500 fortunes.').waitFor()
    await expectFit(page)

    await press(page, 'Upgrade to Pro')
    await press(page, 'Pay and subscribe')
    await page.waitForURL(`${place.url}/**`, untilLive)
    await meterAt(page, '5 of 500 fortunes')
    await press(page, 'Open the book')
    await page.getByText('Begin with the part that makes you smile.').waitFor()
    await page.context().close()
    expect(faults).toEqual([])
  }, patience)

  test('forgets nothing when it is started again, nor does its Stripe', async () => {
    await stop()
    stop = await place.start()
    const page = await open('/', 'ada', 'dark', 320)
    await meterAt(page, '5 of 500 fortunes')
    await press(page, 'Draw a fortune')
    await meterAt(page, '6 of 500 fortunes')
    await expectFit(page)
    await page.getByRole('link', { name: 'Billing' }).click()
    await page.getByText('Visa ending in 4242').waitFor()
    await page.getByText('Paid', { exact: true }).waitFor()
    await expectFit(page)
    await page.getByRole('link', { name: 'Plans' }).click()
    await page.getByRole('button', { name: 'Upgrade to Sage' }).waitFor()
    await expectFit(page)
    expect(faults).toEqual([])
  }, patience)
})
