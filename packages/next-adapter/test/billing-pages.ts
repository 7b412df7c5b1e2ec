import { type Browser, type Page, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumArguments, findChromium } from '../../../tools/chromium.mjs'
import type { RunningApp } from './running-app.ts'
import { tokenOf } from './sign-in.ts'

const executablePath = findChromium()

interface Visit {
  readonly page: Page
  /** What React and the page complained about. */
  readonly complaints: readonly string[]
  readonly asked: readonly string[]
}

interface Opened {
  readonly app: RunningApp
  readonly browser: Browser
}

/** Opens a page as somebody who is signed in by a cookie, or as nobody. */
async function visit({ app, browser }: Opened, path: string, customer: string | null, locale = 'en-US'): Promise<Visit> {
  const context = await browser.newContext({ locale, timezoneId: 'Pacific/Auckland' })
  if (customer !== null) await context.addCookies([{ name: 'session', value: await tokenOf(customer), url: app.url }])
  const page = await context.newPage()
  const complaints: string[] = []
  const asked: string[] = []
  page.on('console', (message) => {
    // A status is what a route answered, and no fault of the page: without payments the routes about money answer 404.
    const isStatus = message.text().startsWith('Failed to load resource')
    if (['error', 'warning'].includes(message.type()) && !isStatus) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => request.url().includes('/api/billing') && asked.push(new URL(request.url()).pathname))
  await page.goto(`${app.url}${path}`, { waitUntil: 'networkidle' })
  return { page, complaints, asked }
}

/** Pages with `@farebox/react` on them, in a browser. */
export function describeBillingPages(appOf: () => RunningApp): void {
  // skipped: where no Chromium is installed, there is nothing to show a page in
  describe.skipIf(executablePath === undefined)('a page that the server rendered', () => {
    let browser: Browser | undefined

    beforeAll(async () => {
      browser = await chromium.launch({ args: chromiumArguments, ...(executablePath !== undefined && { executablePath }) })
    })

    afterAll(() => browser?.close())

    function opened(): Opened {
      if (browser === undefined) throw new Error('The browser has not been started')
      return { app: appOf(), browser }
    }

    test('with a promise of the snapshot hydrates without a complaint, and asks for nothing that it has', async () => {
      const { page, complaints, asked } = await visit(opened(), '/billing', 'ann', 'ar-EG')
      const bar = page.locator('[data-slot="usage-bar"]').first().getByRole('meter', { name: 'Aufrufe' })
      expect(await bar.getAttribute('aria-valuetext')).toBe('0 of 5 calls')
      expect(await page.getByText('exports: hidden').count()).toBe(1)
      expect(await page.getByText('exports: shown').count()).toBe(0)
      expect(complaints).toEqual([])
      expect(asked).toEqual(['/api/billing/plans'])
    })

    test('has the numbers before any script runs', async () => {
      const html = await (await fetch(`${appOf().url}/billing`, { headers: { cookie: `session=${await tokenOf('ann')}` } })).text()
      expect(html).toContain('aria-valuetext="0 of 5 calls"')
      expect(html).toContain('exports: hidden')
    })

    test('goes on to live: a metered answer moves the bar, without a request of its own', async () => {
      const { page, complaints, asked } = await visit(opened(), '/billing/awaited', 'bob')
      const bar = page.getByRole('meter').first()
      expect(await bar.getAttribute('aria-valuetext')).toBe('0 of 5 calls')
      expect(asked).not.toContain('/api/billing/me')
      await fetch(`${appOf().url}/api/quote`, { headers: { authorization: `Bearer ${await tokenOf('bob')}` } })
      await page.evaluate('dispatchEvent(new Event("online"))')
      await page.getByRole('meter').and(page.locator('[aria-valuetext="1 of 5 calls"]')).first().waitFor()
      expect(complaints).toEqual([])
    })

    test('for nobody shows what failed, and no one else\'s numbers', async () => {
      const { page, complaints, asked } = await visit(opened(), '/billing', null)
      expect(await page.getByRole('meter').count()).toBe(0)
      expect(asked).toContain('/api/billing/me')
      expect(complaints).toEqual([])
    })
  })
}
