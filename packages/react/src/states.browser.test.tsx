import axe from 'axe-core'
import type { ReactElement } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { billingStates } from '../test/billing-states.tsx'
import './styles.css'

const root = document.documentElement

async function show(ui: ReactElement | Promise<ReactElement>): Promise<HTMLElement> {
  const { container } = await render(await ui)
  return container
}

afterEach(async () => {
  root.removeAttribute('style')
  root.removeAttribute('dir')
  await page.viewport(800, 600)
})

describe.each(Object.entries(billingStates))('%s', (_, state) => {
  it.each(['light', 'dark'])('has no accessibility fault, in %s', async (scheme) => {
    root.style.colorScheme = scheme
    root.style.background = 'Canvas'
    const { violations, passes } = await axe.run(await show(state()), { rules: { region: { enabled: false } } })
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
    expect(passes.map(({ id }) => id)).toContain('color-contrast')
  })

  it.each(['ltr', 'rtl'])('fits 320 pixels, %s', async (direction) => {
    root.dir = direction
    await page.viewport(320, 640)
    const container = await show(state())
    expect(root.scrollWidth).toBeLessThanOrEqual(320)
    for (const element of container.querySelectorAll('*')) {
      const { left, right } = element.getBoundingClientRect()
      expect(left).toBeGreaterThanOrEqual(0)
      expect(right).toBeLessThanOrEqual(320)
    }
  })
})
