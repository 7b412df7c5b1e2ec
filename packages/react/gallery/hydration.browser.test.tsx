import { StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server.browser'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { allStates } from './all-states.ts'

afterEach(() => {
  vi.restoreAllMocks()
  document.body.replaceChildren()
})

describe.each(Object.entries(allStates))('%s', (_family, states) => {
  it.each(Object.entries(states))('%s is hydrated without a complaint', async (_state, ui) => {
    const complaints: unknown[] = []
    vi.spyOn(console, 'error').mockImplementation((...complaint) => void complaints.push(complaint))
    const host = document.createElement('div')
    host.innerHTML = renderToString(<StrictMode>{ui()}</StrictMode>)
    document.body.append(host)
    const root = hydrateRoot(host, <StrictMode>{ui()}</StrictMode>, { onRecoverableError: (error) => complaints.push(error) })
    await expect.poll(() => Object.keys(host.firstElementChild ?? {}).join()).toContain('__reactFiber')
    root.unmount()
    expect(complaints).toEqual([])
  })
})
