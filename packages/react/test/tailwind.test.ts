import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import tailwind from '@tailwindcss/vite'
import { chromium } from 'playwright-core'
import { expect, it } from 'vitest'
import { build } from 'vite'
import { chromiumArguments, findChromium } from '../../../tools/chromium.mjs'

const executablePath = findChromium()
const folder = join(import.meta.dirname, '..')

/** The stylesheet of an app that does as the README says. */
async function bundle(): Promise<string> {
  const [, imports = ''] = /```css\n(@import 'tailwindcss'.*?)```/s.exec(await readFile(join(folder, 'README.md'), 'utf8')) ?? []
  expect(imports).toContain('@farebox/react/styles.css')
  // In the package: there Tailwind is found.
  const app = await mkdtemp(join(folder, '.tailwind-'))
  try {
    await writeFile(join(app, 'app.css'), `${imports}@source inline('px-8');\n`)
    await build({
      configFile: false,
      logLevel: 'silent',
      plugins: [tailwind()],
      resolve: { alias: { '@farebox/react/styles.css': join(folder, 'src/styles.css') } },
      build: { outDir: join(app, 'dist'), rolldownOptions: { input: join(app, 'app.css') } },
    })
    const [file = ''] = await readdir(join(app, 'dist/assets'))
    return await readFile(join(app, 'dist/assets', file), 'utf8')
  } finally {
    await rm(app, { recursive: true })
  }
}

// skipped: where no Chromium is installed, there is nothing to lay it out in
it.skipIf(executablePath === undefined)(`stands over Tailwind's reset and below its utilities, imported as the README says${executablePath === undefined ? ' (there is no Chromium on this machine)' : ''}`, async () => {
  const css = await bundle()
  const browser = await chromium.launch({ args: chromiumArguments, ...(executablePath !== undefined && { executablePath }) })
  try {
    const page = await browser.newPage()
    await page.setContent(`<style>${css}</style><div data-farebox><button data-button>Plain</button><button data-button class="px-8">Own</button></div>`)
    const styles: unknown = await page.evaluate('[...document.querySelectorAll("button")].map((button) => getComputedStyle(button)).map((style) => [style.borderTopWidth, style.paddingLeft])')
    expect(styles).toEqual([['1px', '14px'], ['1px', '32px']])
  } finally {
    await browser.close()
  }
})
