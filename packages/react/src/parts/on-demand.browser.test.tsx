import { StrictMode, createElement, useState } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server.browser'
import { afterEach, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { type GreetingProps, createLoad, waiting } from '../../test/greeting-on-demand.tsx'
import { BillingMock } from '../testing/index.ts'
import { onDemand } from './on-demand.tsx'

afterEach(() => {
  vi.restoreAllMocks()
  document.body.replaceChildren()
})

it('keeps its room until its code has come, which it does once for all who show it', async () => {
  const { attempts, load } = createLoad()
  const Demanded = onDemand(load, waiting)
  const both = (
    <BillingMock>
      <Demanded name="Ada" />
      <Demanded name="Grace" />
    </BillingMock>
  )
  const { container } = await render(both)
  expect(container.querySelectorAll('[data-slot=skeleton-line]')).toHaveLength(8)
  expect(attempts).toHaveLength(1)
  attempts[0]?.come()
  await expect.element(page.getByText('Good day, Ada')).toBeVisible()
  await expect.element(page.getByText('Good day, Grace')).toBeVisible()
  const later = await render(<BillingMock><Demanded name="Emmy" /></BillingMock>)
  expect(later.container.querySelector('[data-slot=skeleton]')).toBeNull()
  expect(attempts).toHaveLength(1)
})

function Page({ of: Demanded }: { readonly of: ReturnType<typeof onDemand<GreetingProps>> }) {
  const [isShown, show] = useState(false)
  return (
    <BillingMock>
      <button type="button" {...Demanded.near} onClick={() => show(true)}>Greet</button>
      {isShown && <Demanded name="Ada" />}
    </BillingMock>
  )
}

it.each([
  ['pointer', 200, () => page.getByRole('button', { name: 'Greet' }).hover()],
  ['focus', 400, () => userEvent.tab()],
])('has its code come as soon as the %s is near what leads to it', async (_, room, come) => {
  const { attempts, load } = createLoad()
  // Away from where the test before has left the pointer, which is near whatever is put below it.
  const { container } = await render(<div style={{ paddingBlockStart: room }}><Page of={onDemand(load, waiting)} /></div>)
  expect(attempts).toHaveLength(0)
  await come()
  await expect.poll(() => attempts).toHaveLength(1)
  attempts[0]?.come()
  await page.getByRole('button', { name: 'Greet' }).click()
  await expect.element(page.getByText('Good day, Ada')).toBeVisible()
  expect(container.querySelector('[data-slot=skeleton]')).toBeNull()
  expect(attempts).toHaveLength(1)
})

it('says that its code could not be loaded, and tries again without losing the focus', async () => {
  const { attempts, load } = createLoad()
  const Demanded = onDemand(load, waiting)
  await render(<BillingMock><dialog open tabIndex={-1}><Demanded name="Ada" /></dialog></BillingMock>)
  attempts[0]?.fail()
  await expect.element(page.getByRole('alert')).toHaveTextContent('Could not load. Try again')
  await userEvent.tab()
  await userEvent.keyboard('{Enter}')
  await expect.poll(() => attempts).toHaveLength(2)
  attempts[1]?.come()
  await expect.element(page.getByText('Good day, Ada')).toBeVisible()
  await expect.element(page.getByRole('dialog')).toHaveFocus()
})

it('tries anew for who comes back to it', async () => {
  const { attempts, load } = createLoad()
  const Demanded = onDemand(load, waiting)
  const first = await render(<BillingMock><Demanded name="Ada" /></BillingMock>)
  attempts[0]?.fail()
  await expect.element(page.getByRole('alert')).toBeVisible()
  await first.unmount()
  await render(<BillingMock><Demanded name="Ada" /></BillingMock>)
  await expect.poll(() => attempts).toHaveLength(2)
  attempts[1]?.come()
  await expect.element(page.getByText('Good day, Ada')).toBeVisible()
})

it.each([[true, 'reload'], [false, undefined]])('offers a new page where another try fails as well, online %s, and loads none by itself: %s', async (isOnline, kind) => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(isOnline)
  const kinds: unknown[] = []
  const watching = new AbortController()
  navigation.addEventListener('navigate', (event) => {
    kinds.push(event.navigationType)
    event.preventDefault()
  }, { signal: watching.signal })
  const { attempts, load } = createLoad()
  const Demanded = onDemand(load, waiting)
  await render(<BillingMock><input aria-label="Your name" /><Demanded name="Ada" /></BillingMock>)
  await page.getByRole('textbox').fill('Ada Lovelace')
  attempts[0]?.fail()
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect.poll(() => attempts).toHaveLength(2)
  attempts[1]?.fail()
  await expect.element(page.getByRole('alert')).toHaveTextContent(`${isOnline ? 'Could not load.' : 'You are offline.'} Try again`)
  expect(page.getByRole('button').elements().map(({ textContent }) => textContent)).toEqual(isOnline ? ['Try again', 'Reload page'] : ['Try again'])
  expect(kinds).toEqual([])
  await expect.element(page.getByRole('textbox')).toHaveValue('Ada Lovelace')
  await page.getByRole('button').last().click()
  await expect.poll(() => kinds.at(-1)).toBe(kind)
  await expect.poll(() => attempts).toHaveLength(isOnline ? 2 : 3)
  watching.abort()
})

it('takes two clicks as one, and outlives that nobody waits for it any more', async () => {
  const complaints = vi.spyOn(console, 'error')
  const { attempts, load } = createLoad()
  const Demanded = onDemand(load, waiting)
  const shown = await render(<StrictMode><BillingMock><Demanded name="Ada" /></BillingMock></StrictMode>)
  expect(attempts).toHaveLength(1)
  attempts[0]?.fail()
  await page.getByRole('button', { name: 'Try again' }).dblClick()
  expect(attempts).toHaveLength(2)
  await shown.unmount()
  attempts[1]?.come()
  await render(<BillingMock><Demanded name="Grace" /></BillingMock>)
  await expect.element(page.getByText('Good day, Grace')).toBeVisible()
  expect(attempts).toHaveLength(2)
  expect(complaints).not.toHaveBeenCalled()
})

it('is rendered on a server as what is loading, and hydrated without a complaint', async () => {
  const complaints = vi.spyOn(console, 'error')
  const { attempts, load } = createLoad()
  const ui = createElement(BillingMock, {}, createElement(onDemand(load, waiting), { name: 'Ada' }))
  const host = document.createElement('div')
  host.innerHTML = renderToString(ui)
  expect(host.querySelectorAll('[data-slot=skeleton-line]')).toHaveLength(4)
  document.body.append(host)
  const root = hydrateRoot(host, ui, { onRecoverableError: complaints })
  await expect.poll(() => attempts).toHaveLength(1)
  attempts[0]?.come()
  await expect.element(page.getByText('Good day, Ada')).toBeVisible()
  expect(complaints).not.toHaveBeenCalled()
  root.unmount()
})
