import { EventEmitter, once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { type Page, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { chromiumArguments, findChromium } from '../../../tools/chromium.mjs'
import { mockSnapshot } from '../src/testing/mock-snapshot.ts'

const executablePath = findChromium()
const snapshot = mockSnapshot({ notices: [{ kind: 'card-expiring', at: '2026-12-01T00:00:00.000Z', brand: 'visa', last4: '4242' }] })

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./leaving-page.tsx', import.meta.url))],
    conditions: ['@farebox/source'], jsx: 'automatic', bundle: true, write: false, format: 'esm', logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  return outputFiles[0]?.text ?? ''
}

/** An app, and under another name of this machine a page for payments that comes when it is told to. */
async function serve(script: string) {
  const files: Record<string, readonly [type: string, text: string]> = {
    '/': ['text/html', '<html lang="en"><body><script type="module" src="/page.js"></script>'],
    '/page.js': ['text/javascript', script],
    '/api/billing/me': ['application/json', JSON.stringify(snapshot)],
  }
  const asked: string[] = []
  const read: string[] = []
  const told: string[] = []
  const leaving = new EventEmitter()
  const held: ServerResponse[] = []
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '' } = request
    if (method === 'PUT') told.push(await text(request))
    if (method === 'POST') asked.push(url)
    if (url.endsWith('/me')) read.push(url)
    if (url === '/left' && held.length === 0) await once(leaving, 'left')
    if (url === '/pay') {
      held.push(response)
      leaving.emit('left')
      return
    }
    const { port } = Object(server.address())
    const [type, body] = method === 'POST' ? ['application/json', `{"url":"http://localhost:${port}/pay"}`] : (files[url] ?? ['text/plain', ''])
    response.writeHead(200, { 'content-type': type }).end(body)
  }
  // A page that is closed ends what it was still asking.
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()))
  await once(server.listen(0), 'listening')
  return { server, asked, read, told, held, origin: `http://127.0.0.1:${Object(server.address()).port}/` }
}

/** Presses it when the answer need not be waited for: it may not come before the page is left. */
function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).evaluate((button: HTMLElement) => void setTimeout(() => button.click()))
}

// skipped: where no Chromium is installed, there is nothing to run it in
describe.skipIf(executablePath === undefined)('a button that leads to another page', () => {
  let script: string
  let browser: Awaited<ReturnType<typeof chromium.launch>>

  beforeAll(async () => {
    script = await bundle()
    browser = await chromium.launch({
      args: chromiumArguments, ...(executablePath !== undefined && { executablePath }),
      // A page that is gone back to is to be the one that was left, as it is to people.
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
    })
  })
  afterAll(async () => browser.close())

  it.each(['Checkout', 'Portal', 'Start free trial', 'Upgrade', 'Update card'])(
    '%s: is pressed once until it has come, and again when one has come back',
    async (name) => {
      // Of its own: what a page tells on its way out may come after it was closed.
      const app = await serve(script)
      onTestFinished(() => {
        app.server.closeAllConnections()
        app.server.close()
      })
      const page = await browser.newPage()
      await page.goto(app.origin)
      // Whoever has just turned to the page sees what is new when they come back all the same.
      await page.evaluate(() => void dispatchEvent(new Event('focus')))
      await press(page, name)
      await expect.poll(() => app.told).toEqual(['busy', 'pressed again'])
      expect(app.asked).toHaveLength(1)
      const left = page.waitForURL('**/pay')
      app.held.pop()?.writeHead(200, { 'content-type': 'text/html' }).end('<p>Pay here')
      await left
      app.read.length = 0
      // A page that was kept is not loaded again: there is no end of that to wait for.
      await page.evaluate(() => void setTimeout(() => history.back()))
      await expect.poll(() => app.told).toContain('ready')
      await expect.poll(() => app.read, { timeout: 3000 }).toHaveLength(1)
      await press(page, name)
      await expect.poll(() => app.asked).toHaveLength(2)
      await page.close()
    },
  )
})
