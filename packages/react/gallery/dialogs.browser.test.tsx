import axe from 'axe-core'
import { afterEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { allStates } from './all-states.ts'
import '../src/styles.css'
import '../src/styles/admin.css'

const root = document.documentElement

afterEach(async () => {
  root.removeAttribute('style')
  root.removeAttribute('dir')
  await page.viewport(800, 600)
})

/** Opens the dialog of a state with the keyboard, and answers the button that did. */
async function open(family: string, state: string, name: string) {
  const ui = allStates[family]?.[state]
  if (!ui) throw new Error(`There is no state ${state}`)
  await render(ui())
  const button = page.getByRole('button', { name, exact: true }).first()
  await expect.element(button).toBeVisible()
  await expect.element(button).not.toHaveAttribute('aria-busy')
  const element = button.element()
  if (element instanceof HTMLElement) element.focus()
  await userEvent.keyboard('{Enter}')
  await expect.element(page.getByRole('dialog')).toHaveFocus()
  await expect.poll(() => document.querySelector('dialog[open] [aria-busy=true]')).toBeNull()
  return button
}

describe.each([
  ['Plans', 'UpgradePrompt, as a dialog', 'Call the API'],
  ['Plans', 'UpgradePrompt, to be changed', 'Upgrade to Pro'],
  ['Plans', 'PricingTable, subscribed', 'Downgrade to Free'],
  ['Plans', 'CancelFlow, subscribed', 'Cancel subscription'],
  ['Admin', 'AdminCustomerPanel, customer', 'Grant more'],
])('the dialog of %s: %s', (family, state, name) => {
  it.each(['light', 'dark'])('has no accessibility fault, in %s, and gives the focus back', async (scheme) => {
    root.style.colorScheme = scheme
    root.style.background = 'Canvas'
    const button = await open(family, state, name)
    const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } })
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
    const titles = [...document.querySelectorAll('dialog[open] [data-title]')].filter(({ localName }) => /^h\d$/.test(localName))
    expect(titles.map(({ localName }) => localName)).toEqual(state === 'UpgradePrompt, as a dialog' ? [] : ['h2'])
    await userEvent.tab()
    expect(document.activeElement?.closest('dialog')).not.toBeNull()
    await userEvent.keyboard('{Escape}')
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
    await expect.element(button).toHaveFocus()
  })

  it.each(['ltr', 'rtl'])('fits 320 pixels, %s', async (direction) => {
    root.dir = direction
    await page.viewport(320, 640)
    await open(family, state, name)
    for (const element of document.querySelectorAll('dialog[open], dialog[open] *')) {
      const { left, right } = element.getBoundingClientRect()
      expect(left).toBeGreaterThanOrEqual(0)
      expect(right).toBeLessThanOrEqual(320)
    }
  })
})
