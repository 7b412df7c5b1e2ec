import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { expect, it } from 'vitest'
import { chromiumArguments, findChromium } from '../../../tools/chromium.mjs'

const executablePath = findChromium()
const require = createRequire(import.meta.url)

/** Every page in one script for the browser, on React 18. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./react-18-page.tsx', import.meta.url))],
    alias: { react: dirname(require.resolve('react-18')), 'react-dom': dirname(require.resolve('react-dom-18')) },
    conditions: ['@farebox/source'],
    jsx: 'automatic',
    bundle: true,
    write: false,
    format: 'esm',
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"development"' },
  })
  return outputFiles[0]?.text ?? ''
}

// skipped: where no Chromium is installed, there is nothing to run it in
it.skipIf(executablePath === undefined)('works on React 18.3, rendered, hydrated and given a promise, without a warning', async () => {
  const script = await bundle()
  expect(script).toContain('18.3.1')
  const browser = await chromium.launch({ args: chromiumArguments, ...(executablePath !== undefined && { executablePath }) })
  try {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.route('http://localhost/**', (route) =>
      route.request().url().endsWith('.js')
        ? route.fulfill({ contentType: 'text/javascript', body: script })
        : route.fulfill({ contentType: 'text/html', body: '<html lang="en"><body><script type="module" src="/page.js"></script>' }),
    )
    await page.goto('http://localhost/')
    for (const name of ['partly used', 'with what the server knew', 'with a promise', 'with a promise in a boundary']) {
      const meter = page.getByLabel(name, { exact: true }).getByRole('meter', { name: 'API calls' })
      expect(await meter.getAttribute('aria-valuetext')).toBe('3 of 5 calls')
    }
    await expect.poll(() => page.title()).toBe('hydrated')
    expect(complaints.filter((text) => !text.includes('React DevTools'))).toEqual([])
  } finally {
    await browser.close()
  }
})
