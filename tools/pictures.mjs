// Takes the pictures of the documents from the gallery: `node tools/pictures.mjs` tries all of them, `--write` keeps them in
// docs/images. They belong to the machine that took them (its fonts), so no check compares them.
import { createServer } from 'node:http'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join, normalize } from 'node:path'
import { chromium } from 'playwright-core'
import { root } from './bootstrap.mjs'
import { chromiumArguments, findChromium } from './chromium.mjs'
import { buildGallery, galleryFolder } from './gallery.mjs'

/**
 * One state of the gallery, the button that is pressed first, and how much of the page belongs to its picture.
 *
 * @typedef {{ name: string, family: string, state: string, width: number, height?: number, press?: string }} Picture
 */

/** @type {readonly Picture[]} `height` where something lies over the page: then all that is seen is the picture. */
const pictures = [
  { name: 'billing-dashboard', family: 'Account', state: 'BillingDashboard, on most days', width: 880 },
  { name: 'pricing-table', family: 'Plans', state: 'PricingTable, on the free plan', width: 880 },
  { name: 'upgrade-dialog', family: 'Plans', state: 'UpgradePrompt, as a dialog', width: 560, height: 300, press: 'Call the API' },
]

const themes = ['light', 'dark']
const types = /** @type {Record<string, string>} */ ({ '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' })

/** Serves the built gallery to this machine alone. */
async function serveGallery() {
  const server = createServer(({ url = '/' }, response) => {
    const path = normalize(new URL(url, 'http://localhost').pathname)
    const file = join(galleryFolder, path === '/' ? 'index.html' : path)
    if (!existsSync(file)) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The gallery has no port')
  return { server, origin: `http://127.0.0.1:${address.port}` }
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} origin
 * @param {Picture} picture
 * @param {string} theme
 */
async function take(browser, origin, { family, state, width, height, press }, theme) {
  const page = await browser.newPage({ viewport: { width: width + 48, height: height ?? 900 }, deviceScaleFactor: 1.5, reducedMotion: 'reduce' })
  try {
    await page.goto(`${origin}/?${new URLSearchParams({ family, find: state, theme, plain: '' })}`)
    const shown = page.locator('main > section')
    await shown.first().waitFor({ timeout: 10_000 })
    if ((await shown.count()) !== 1) throw new Error(`The gallery has ${await shown.count()} states that begin with "${state}"`)
    await page.locator('[data-loading]').first().waitFor({ state: 'detached', timeout: 10_000 })
    if (press !== undefined) await page.getByRole('button', { name: press }).click()
    return height === undefined ? await page.screenshot({ fullPage: true, clip: await frame(page) }) : await page.screenshot()
  } finally {
    await page.close()
  }
}

/** What the state takes up, and a margin. @param {import('playwright-core').Page} page */
async function frame(page) {
  const box = await page.locator('main').boundingBox()
  if (box === null) throw new Error('The state is invisible')
  return { x: box.x - 24, y: box.y - 24, width: box.width + 48, height: box.height + 48 }
}

const executablePath = findChromium()
if (executablePath === undefined) throw new Error('No Chromium; install `chromium` or name one in CHROMIUM_PATH')
if (!buildGallery()) process.exit(1)
const { server, origin } = await serveGallery()
const browser = await chromium.launch({ executablePath, args: chromiumArguments })
const folder = join(root, 'docs', 'images')
try {
  mkdirSync(folder, { recursive: true })
  for (const picture of pictures) {
    for (const theme of themes) {
      const image = await take(browser, origin, picture, theme)
      const file = `${picture.name}-${theme}.png`
      if (process.argv.includes('--write')) writeFileSync(join(folder, file), image)
      process.stdout.write(`${file} ${(image.length / 1000).toFixed(0)} kB\n`)
    }
  }
} finally {
  await browser.close()
  server.close()
}
