import axe from 'axe-core'
import { createElement } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { cdp, page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { allStates } from './all-states.ts'
import '../src/styles.css'

const root = document.documentElement

/** The faults of every state of a family, one after the other, each with the name of its state. */
async function findFaults(family: string, look: (container: HTMLElement) => Promise<string[]> | string[]): Promise<string[]> {
  const faults: string[] = []
  let looked = 0
  for (const [name, State] of Object.entries(allStates[family] ?? {})) {
    const { container, unmount } = await render(createElement(State))
    looked += container.querySelectorAll('[data-slot]').length
    faults.push(...(await look(container)).map((fault) => `${name}: ${fault}`))
    await unmount()
  }
  expect(looked).toBeGreaterThan(0)
  return faults
}

async function prefer(name: string, value: string): Promise<void> {
  await cdp().send('Emulation.setEmulatedMedia', { features: [{ name, value }] })
}

function describeElement(element: Element): string {
  return `<${element.tagName.toLowerCase()} data-slot="${element.getAttribute('data-slot') ?? ''}"> ${(element.textContent ?? '').slice(0, 40)}`
}

/** Colours that people can tell apart are all that is left in forced colours: lines have to carry what backgrounds did. */
function isOutlined(element: Element): boolean {
  const { borderTopWidth, borderTopStyle, textDecorationLine, outlineStyle } = getComputedStyle(element)
  return (parseFloat(borderTopWidth) > 0 && borderTopStyle !== 'none') || textDecorationLine.includes('underline') || outlineStyle !== 'none'
}

/** How light it is, as WCAG 2 reckons: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminanceOf(color: string): number {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d')
  if (!canvas) throw new Error('There is no canvas')
  canvas.fillStyle = color
  canvas.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrastOf(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminanceOf(one), luminanceOf(other)].toSorted((first, second) => first - second)
  return (light + 0.05) / (dark + 0.05)
}

afterEach(async () => {
  root.removeAttribute('style')
  await cdp().send('Emulation.setEmulatedMedia', { features: [] })
  await page.viewport(800, 600)
})

describe.each(Object.keys(allStates))('%s', (family) => {
  it('stays readable in forced colours, and keeps the shape of what can be pressed or read off', async () => {
    await prefer('forced-colors', 'active')
    const faults = await findFaults(family, async (container) => {
      const { violations } = await axe.run(container, { runOnly: ['color-contrast'] })
      const flat = [...container.querySelectorAll('button, [role=meter]:not(:has(svg)), [data-surface]')].filter((element) => !isOutlined(element))
      const idle = [...container.querySelectorAll('[data-button][aria-disabled=true]:not([aria-busy])')]
      const alike = idle.filter((button) => getComputedStyle(button).color === getComputedStyle(container).color)
      return [...violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id} ${html}`)), ...[...flat, ...alike].map(describeElement)]
    })
    expect(faults).toEqual([])
  })

  it.each(['light', 'dark'])('has lines that can be seen, and words as strong as the others, for those who asked for more contrast, in %s', async (scheme) => {
    await prefer('prefers-contrast', 'more')
    root.style.colorScheme = scheme
    const faults = await findFaults(family, (container) => {
      const faint = [...container.querySelectorAll('[data-surface]:not([data-tone]), [data-button=""]:not([aria-disabled=true])')].filter((element) => {
        const { borderTopColor, backgroundColor } = getComputedStyle(element)
        return contrastOf(borderTopColor, backgroundColor) < 3
      })
      const quiet = [...container.querySelectorAll('[data-quiet]')].filter((element) =>
        contrastOf(getComputedStyle(element).color, scheme === 'light' ? 'white' : 'black') < 7)
      return [...faint, ...quiet].map(describeElement)
    })
    expect(faults).toEqual([])
  })

  it('fits half a screen with text at twice its size', async () => {
    root.style.fontSize = '200%'
    await page.viewport(640, 800)
    const faults = await findFaults(family, (container) => {
      const outside = [...container.querySelectorAll('*')].filter((element) => {
        const { left, right } = element.getBoundingClientRect()
        return !element.parentElement?.closest('[data-scroll]') && (left < 0 || right > 640)
      })
      return [...outside.map(describeElement), ...(root.scrollWidth > 640 ? ['the page scrolls sideways'] : [])]
    })
    expect(faults).toEqual([])
  })

  it('does not move for those who asked for less motion', async () => {
    await prefer('prefers-reduced-motion', 'reduce')
    const faults = await findFaults(family, (container) =>
      [...container.querySelectorAll('*')]
        .filter((element) => {
          const { animationName, transitionDuration } = getComputedStyle(element)
          return animationName !== 'none' || /[1-9]/.test(transitionDuration)
        })
        .map(describeElement),
    )
    expect(faults).toEqual([])
  })
})
