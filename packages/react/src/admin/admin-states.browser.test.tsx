import axe from 'axe-core'
import { afterEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { adminStates } from '../../gallery/states/admin.tsx'
import '../styles.css'
import '../styles/admin.css'

const root = document.documentElement

async function show(name: string): Promise<HTMLElement> {
  const { container } = await render(adminStates[name]!())
  await expect.poll(() => container.querySelector('[aria-busy]') === null || name.endsWith('loading')).toBe(true)
  return container
}

afterEach(async () => {
  root.removeAttribute('style')
  root.removeAttribute('dir')
  await page.viewport(800, 600)
})

describe.each(Object.keys(adminStates))('%s', (name) => {
  it.each(['light', 'dark'])('has no accessibility fault, in %s', async (scheme) => {
    root.style.colorScheme = scheme
    root.style.background = 'Canvas'
    const { violations, passes } = await axe.run(await show(name), { rules: { region: { enabled: false } } })
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
    // A skeleton has no text in sight.
    expect(passes.map(({ id }) => id)).toContain(name.endsWith('loading') ? 'aria-allowed-attr' : 'color-contrast')
  })

  it.each(['ltr', 'rtl'])('fits 320 pixels, %s', async (direction) => {
    root.dir = direction
    await page.viewport(320, 640)
    const container = await show(name)
    expect(root.scrollWidth).toBeLessThanOrEqual(320)
    for (const element of container.querySelectorAll('*:not([data-scroll] *)')) {
      const { left, right } = element.getBoundingClientRect()
      expect(left).toBeGreaterThanOrEqual(0)
      expect(right).toBeLessThanOrEqual(320)
    }
  })
})
