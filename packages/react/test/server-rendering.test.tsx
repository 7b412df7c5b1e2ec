import { renderToString } from 'react-dom/server'
import { StrictMode } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { allStates } from '../gallery/all-states.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

describe.each(Object.entries(allStates))('on a server without a page, %s', (_family, states) => {
  it.each(Object.entries(states))('%s is rendered without a complaint, twice the same', (_state, ui) => {
    expect(typeof window).toBe('undefined')
    const complaints = vi.spyOn(console, 'error')
    const html = renderToString(<StrictMode>{ui()}</StrictMode>)
    expect(html).toContain('data-slot="billing-announcer"')
    expect(renderToString(<StrictMode>{ui()}</StrictMode>)).toBe(html)
    expect(complaints).not.toHaveBeenCalled()
  })
})
