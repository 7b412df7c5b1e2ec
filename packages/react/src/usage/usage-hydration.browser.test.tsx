import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server.browser'
import { afterEach, expect, it, vi } from 'vitest'
import { usageStates } from '../../gallery/states/usage.tsx'

afterEach(() => {
  document.body.replaceChildren()
  vi.restoreAllMocks()
})

it.each(Object.keys(usageStates))('hydrates without a warning: %s', async (name) => {
  const complaints: unknown[] = []
  vi.spyOn(console, 'error').mockImplementation((...complaint) => void complaints.push(complaint))
  const host = document.createElement('div')
  host.innerHTML = renderToString(usageStates[name]!())
  expect(host.querySelector('[data-farebox]')).not.toBeNull()
  document.body.append(host)
  const root = hydrateRoot(host, usageStates[name]!(), { onRecoverableError: (error) => complaints.push(error) })
  await expect.poll(() => Object.keys(host.firstElementChild ?? {}).join()).toContain('__reactFiber')
  root.unmount()
  expect(complaints).toEqual([])
})
