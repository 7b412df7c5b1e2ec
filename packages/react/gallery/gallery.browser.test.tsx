import axe from 'axe-core'
import type { ReactElement } from 'react'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { billingStates } from '../test/billing-states.tsx'
import { allStates } from './all-states.ts'
import { Gallery } from './gallery.tsx'
import '../src/styles.css'
import '../src/styles/admin.css'

const root = document.documentElement
const families = { Page: billingStates, ...allStates }
/** States of what shows nothing where there is nothing to say. */
const empty = /, (none|no trial|nothing owed)$/
const here = location.href

/** What is still loading says nothing of how it looks when it has come. */
async function show(ui: ReactElement | Promise<ReactElement>, isLoading: boolean): Promise<HTMLElement> {
  const { container } = await render(await ui)
  await expect.poll(() => container.querySelector('[aria-busy=true]') === null || isLoading).toBe(true)
  return container
}

/** Numbers of which a part stands in the next line. */
function brokenNumbers(container: HTMLElement): string[] {
  const texts = document.createTreeWalker(container, NodeFilter.SHOW_TEXT)
  const broken: string[] = []
  while (texts.nextNode()) {
    const { currentNode } = texts
    for (const { 0: number, index } of (currentNode.textContent ?? '').matchAll(/\d[\d.,]*/g)) {
      const range = new Range()
      range.setStart(currentNode, index)
      range.setEnd(currentNode, index + number.length)
      const [first, ...others] = range.getClientRects()
      if (others.some(({ top }) => top > (first?.bottom ?? top))) broken.push(number)
    }
  }
  return broken
}

afterEach(() => {
  root.removeAttribute('style')
  root.removeAttribute('dir')
  root.removeAttribute('data-theme')
  history.replaceState(null, '', here)
})

/** Another size takes longer than most of the tests: it is asked for where it is not there. */
async function resize(width: number, height: number): Promise<void> {
  if (innerWidth !== width || innerHeight !== height) await page.viewport(width, height)
}

describe.each(Object.entries(families))('%s', (_family, states) => {
  describe.each(Object.entries(states))('%s', (state, ui) => {
    const isEmpty = empty.test(state)
    const isLoading = /\bloading$/.test(state)

    it.each(['light', 'dark'])('has no accessibility fault, in %s', async (scheme) => {
      await resize(800, 600)
      root.style.colorScheme = scheme
      root.style.background = 'Canvas'
      const { violations, passes } = await axe.run(await show(ui(), isLoading), { rules: { region: { enabled: false } } })
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
      expect(passes.length > 0).toBe(!isEmpty)
      // A skeleton has no text in sight.
      expect(isEmpty || isLoading || passes.some(({ id }) => id === 'color-contrast')).toBe(true)
    })

    it.each(['ltr', 'rtl'])('fits 320 pixels, %s', async (direction) => {
      root.dir = direction
      await resize(320, 640)
      const container = await show(ui(), isLoading)
      container.style.paddingInline = '1rem'
      expect(brokenNumbers(container)).toEqual([])
      expect(root.scrollWidth).toBeLessThanOrEqual(320)
      const outside = [...container.querySelectorAll('*')].filter((element) => {
        const { left, right } = element.getBoundingClientRect()
        return !(left >= 0 && right <= 320) && !element.parentElement?.closest('[data-scroll]')
      })
      expect(outside.map(({ outerHTML }) => outerHTML)).toEqual([])
    })
  })
})

describe('the page', () => {
  beforeEach(async () => resize(800, 600))

  it.each(Object.keys(allStates))('shows every state of %s, and leads back to it', async (family) => {
    const states = Object.keys(allStates[family] ?? {})
    const { container } = await render(<Gallery />)
    await page.getByRole('combobox', { name: 'Family' }).selectOptions(family)
    expect([...container.querySelectorAll('main > section')].map((section) => section.getAttribute('aria-label'))).toEqual(states)
    expect(new URLSearchParams(location.search).get('family')).toBe(family)
  })

  it('turns with its language, and follows its theme', async () => {
    await render(<Gallery />)
    await page.getByRole('combobox', { name: 'Language' }).selectOptions('ar')
    await page.getByRole('combobox', { name: 'Theme' }).selectOptions('dark')
    expect([root.dir, root.lang, root.dataset['theme']]).toEqual(['rtl', 'ar', 'dark'])
  })
})
