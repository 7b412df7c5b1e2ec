import { createElement } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server.browser'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { Greeting, createLoad, waiting } from '../../test/greeting-on-demand.tsx'
import { BillingMock } from '../testing/index.ts'
import { servedOnDemand } from './served-on-demand.tsx'

afterEach(() => {
  vi.restoreAllMocks()
  document.body.replaceChildren()
})

function Buttons({ names }: { readonly names: readonly string[] }) {
  return <>{names.map((name) => <button key={name} type="button">{name}</button>)}</>
}

it('has the focus where what stood in its place had it', async () => {
  const { attempts, load } = createLoad()
  const Demanded = servedOnDemand<object>(async () => {
    await load()
    return () => <Buttons names={['One', 'Two']} />
  }, () => <Buttons names={['One', 'Two', 'Three']} />)
  await render(<BillingMock><Demanded /></BillingMock>)
  const two = page.getByRole('button', { name: 'Two' })
  const before = two.element()
  await userEvent.tab()
  await userEvent.tab()
  await expect.element(two).toHaveFocus()
  attempts[0]?.come()
  await expect.poll(() => before.isConnected).toBe(false)
  await expect.element(two).toHaveFocus()
})

describe.each([
  ['what it shows', <Greeting key="greeting" name="Ada" />],
  ['that it is loading, for it was asked before it had the code', waiting()],
])('where the server has sent %s', (_, sent) => {
  /** The page as it comes, and what the browser makes of it. */
  function arrive(load: () => Promise<typeof Greeting>) {
    const complaints = vi.spyOn(console, 'error')
    const host = document.createElement('div')
    host.innerHTML = renderToString(<BillingMock><div data-farebox="" data-slot="on-demand">{sent}</div></BillingMock>)
    document.body.append(host)
    const before = host.querySelector('[data-slot=on-demand]')?.firstElementChild
    const ui = createElement(BillingMock, {}, createElement(servedOnDemand(load, waiting), { name: 'Ada' }))
    const root = hydrateRoot(host, ui, { onRecoverableError: complaints })
    const isKept = () => before?.isConnected
    return { complaints, host, root, isKept }
  }

  it('keeps it until the code has come, and is hydrated without a complaint', async () => {
    const { attempts, load } = createLoad()
    const { complaints, host, root, isKept } = arrive(load)
    await expect.poll(() => attempts).toHaveLength(1)
    expect(isKept()).toBe(true)
    attempts[0]?.come()
    await expect.poll(isKept).toBe(false)
    expect(host.querySelector('[data-slot=on-demand]')?.innerHTML).toBe('<p>Good day, Ada</p>')
    expect(complaints).not.toHaveBeenCalled()
    root.unmount()
  })

  it('says that the code could not be loaded, and shows it all once it has come', async () => {
    const { attempts, load } = createLoad()
    const { complaints, host, root } = arrive(load)
    await expect.poll(() => attempts).toHaveLength(1)
    attempts[0]?.fail()
    await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click()
    await expect.poll(() => attempts).toHaveLength(2)
    attempts[1]?.come()
    await expect.poll(() => host.querySelector('[data-slot=on-demand]')?.innerHTML).toBe('<p>Good day, Ada</p>')
    expect(complaints).not.toHaveBeenCalled()
    root.unmount()
  })
})
