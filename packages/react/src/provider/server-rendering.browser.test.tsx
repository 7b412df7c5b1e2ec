import { type Root, hydrateRoot } from 'react-dom/client'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { serverPages } from '../../test/server-pages.tsx'
// The worker needs this; named here too, so that it is prepared before the first test runs.
import 'react-dom/server.browser'

const worker = new Worker(new URL('../../test/render-worker.ts', import.meta.url), { type: 'module' })
const roots: Root[] = []

afterAll(() => worker.terminate())
afterEach(() => {
  for (const root of roots.splice(0)) root.unmount()
  document.body.replaceChildren()
  vi.restoreAllMocks()
})

/** What a server sends for a page. */
function renderOnServer(name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<string>) => resolve(data), { once: true })
    worker.addEventListener('error', (fault) => reject(new Error(fault.message)), { once: true })
    worker.postMessage(name, [])
  })
}

/** Hydrates a page and answers what React complained about. */
async function hydrate(name: string): Promise<{ html: string; complaints: unknown[] }> {
  const html = await renderOnServer(name)
  const host = document.createElement('div')
  host.innerHTML = html
  document.body.append(host)
  const complaints: unknown[] = []
  vi.spyOn(console, 'error').mockImplementation((...complaint) => void complaints.push(complaint))
  const ui = await serverPages[name]?.()
  roots.push(hydrateRoot(host, ui, { onRecoverableError: (error) => complaints.push(error) }))
  await expect.poll(() => Object.keys(host.firstElementChild ?? {}).join()).toContain('__reactFiber')
  return { html, complaints }
}

const bar = page.getByRole('meter', { name: 'API calls' })

describe('server rendering', () => {
  it.each(Object.keys(serverPages))('hydrates without a warning: %s', async (name) => {
    const { html, complaints } = await hydrate(name)
    expect(html).toContain('data-slot="usage-bar"')
    expect(complaints).toEqual([])
  })

  it.each(['with what the server knew', 'with a promise', 'with a promise in a boundary', 'with a streamed promise'])(
    'sends the numbers at once and keeps them: %s',
    async (name) => {
      const { html } = await hydrate(name)
      expect(html).toContain('aria-valuetext="3 of 5 calls"')
      await expect.element(bar).toHaveAttribute('aria-valuetext', '3 of 5 calls')
    },
  )

  it('sends what is loaded on demand as well: of a billing page the notices, the usage and the plans', async () => {
    const { html } = await hydrate('of the whole account')
    expect(html).toContain('data-notice="paused"')
    expect(html.match(/data-slot="usage-bar-track"/g)).toHaveLength(3)
    expect(html).toContain('data-slot="pricing-table"')
    expect(html).toContain('data-slot="invoice-list"')
  })

  it.each([
    ['in German', '21.11.2026'],
    ['in Arabic', '٢١'],
    ['in Japanese', '2026/11/21'],
  ])('writes dates %s, whatever the runtime speaks', async (name, date) => {
    expect(await renderOnServer(name)).toContain(date)
  })

  it('shows that it is loading where the promise is broken, and asks the server itself', async () => {
    const { html } = await hydrate('with a broken promise')
    expect(html).toContain('Loading')
  })
})
