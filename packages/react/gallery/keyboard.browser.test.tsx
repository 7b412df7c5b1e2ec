import { createElement } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { allStates } from './all-states.ts'
import '../src/styles.css'
import '../src/styles/admin.css'

afterEach(() => document.body.removeAttribute('tabindex'))

/** One of a group of radio buttons stands for all of it. */
function stopOf(element: Element): Element | string {
  return element instanceof HTMLInputElement && element.type === 'radio' ? element.name : element
}

/** Whatever can be pressed, chosen, typed into or scrolled. */
function stopsOf(container: HTMLElement): Set<Element | string> {
  const all = [...container.querySelectorAll<HTMLElement>('*')].filter((element) => {
    const isMeant = element.matches('a[href], button:enabled, input, select, textarea, summary, [tabindex="0"], [data-scroll]')
    return isMeant && element.checkVisibility({ visibilityProperty: true })
  })
  return new Set(all.map(stopOf))
}

/** What has a ring while it has the focus: of a choice that is drawn by its label, that. */
function hasRing(element: Element): boolean {
  return [element, element.closest('label')].some((one) => one && getComputedStyle(one).outlineStyle !== 'none' && one.getBoundingClientRect().height > 1)
}

describe.each(Object.keys(allStates))('%s', (family) => {
  it('is reached by Tab, all of it, in the order in which it is there, and shows where one is', async () => {
    const faults: string[] = []
    for (const [state, State] of Object.entries(allStates[family] ?? {})) {
      const { container, unmount } = await render(createElement(State))
      await expect.poll(() => container.querySelector('[aria-busy=true]') === null || /\bloading$/.test(state)).toBe(true)
      const left = stopsOf(container)
      let last: Element = document.body
      document.body.tabIndex = -1
      document.body.focus()
      for (const { size } = left; left.size > 0; ) {
        await userEvent.tab()
        const now = document.activeElement ?? document.body
        const isOnward = last === document.body || Boolean(last.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING)
        if (!left.delete(stopOf(now)) || !isOnward) {
          faults.push(`${state}: ${size - left.size} of ${size} reached, then ${now.outerHTML.slice(0, 80)}`)
          break
        }
        if (!hasRing(now)) faults.push(`${state}: no ring around ${now.outerHTML.slice(0, 80)}`)
        last = now
      }
      await unmount()
    }
    expect(faults).toEqual([])
  })
})
