import { createRef } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { cdp, page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { billingStates, stillClient } from '../../test/billing-states.tsx'
import { mockSnapshot, mockUsage } from '../testing/mock-snapshot.ts'
import { BillingProvider, UsageBar, createBillingClient } from '../index.ts'
import '../styles.css'

const meter = page.getByRole('meter', { name: 'API calls' })

async function show(name: string): Promise<HTMLElement> {
  const state = billingStates[name]
  if (state === undefined) throw new Error(`No state ${name}`)
  return (await render(await state())).container
}

function metered(used: number, limit = 100) {
  return mockSnapshot({ usage: { apiCalls: mockUsage(used, limit) } })
}

function spoken(): string {
  return page.getByRole('status').element().textContent
}

function fill(container: HTMLElement): CSSStyleDeclaration {
  const element = container.querySelector('[data-slot=usage-bar-fill]')
  if (element === null) throw new Error('No fill')
  return getComputedStyle(element)
}

/** A client, a bar and the region that speaks. */
async function showLive(used: number) {
  const client = stillClient(metered(used))
  await render(
    <BillingProvider client={client}>
      <UsageBar feature="apiCalls" label="API calls" />
    </BillingProvider>,
  )
  return { use: (next: number, limit?: number) => client.accept(metered(next, limit)) }
}

describe('UsageBar', () => {
  it.each([
    ['partly used', 'ok', '3 of 5 calls', '3', '5'],
    ['reserved', 'ok', '3 of 5 calls (2 reserved)', '3', '5'],
    ['near the limit', 'warn', '4 of 5 calls, 1 left', '4', '5'],
    ['at the limit', 'critical', '5 of 5 calls, limit reached', '5', '5'],
    ['over the limit', 'over', '120 of 100 calls, over the limit', '100', '100'],
  ])('is a meter with its words in sight, %s', async (name, tone, words, now, most) => {
    const container = await show(name)
    await expect.element(meter).toHaveAttribute('aria-valuetext', words)
    await expect.element(meter).toHaveAttribute('aria-valuenow', now)
    await expect.element(meter).toHaveAttribute('aria-valuemax', most)
    await expect.element(page.getByText(words)).toBeVisible()
    expect(container.querySelector('[data-slot=usage-bar]')?.getAttribute('data-tone')).toBe(tone)
  })

  // WebKit takes a mark without text for the first letter, and writes a first letter of Arabic apart from its word.
  it('begins with a capital where words are read from the left, and without a mark while there is no need of one', async () => {
    const container = await show('partly used')
    const value = container.querySelector('[data-slot=usage-value]')!
    expect(getComputedStyle(value, '::before').content).toBe('none')
    expect(getComputedStyle(value, '::first-letter').textTransform).toBe('uppercase')
    document.documentElement.dir = 'rtl'
    expect(getComputedStyle(value, '::first-letter').textTransform).toBe('none')
    document.documentElement.removeAttribute('dir')
  })

  it('is plain text without a limit, and where the plan lacks the feature', async () => {
    await show('unlimited')
    await expect.element(page.getByText('1,234 calls, no limit')).toBeVisible()
    await expect.element(page.getByText('not in your plan')).toBeVisible()
    expect(page.getByRole('meter').elements()).toEqual([])
  })

  it.each(['loading', 'failed', 'partly used', 'at the limit', 'over the limit', 'unlimited', 'stale'])(
    'takes the same room, %s',
    async (name) => {
      const container = await show(name)
      const heights = [...container.querySelectorAll('[data-slot=usage-bar]')].map((bar) => bar.getBoundingClientRect().height)
      const empty = await show('loading')
      expect(heights).toEqual([...empty.querySelectorAll('[data-slot=usage-bar]')].map((bar) => bar.getBoundingClientRect().height))
    },
  )

  it('says when it is loading, and when what it shows is old', async () => {
    const loading = await show('loading')
    expect(loading.querySelector('[data-slot=usage-bar]')?.getAttribute('aria-busy')).toBe('true')
    const stale = await show('stale')
    expect(stale.querySelector('[data-slot=usage-bar]')?.hasAttribute('data-stale')).toBe(true)
    await expect.element(page.getByText('3 of 5 calls, outdated')).toBeVisible()
  })

  it('can be asked again after a failure, by keyboard, with the focus kept until it worked', async () => {
    let answer = new Response(null, { status: 503 })
    const client = createBillingClient({ fetch: async () => answer.clone() })
    await render(
      <BillingProvider client={client}>
        <UsageBar feature="apiCalls" label="API calls" />
      </BillingProvider>,
    )
    const retry = page.getByRole('button', { name: 'Try again' })
    await expect.element(retry).toBeVisible()
    const { width, height } = retry.element().getBoundingClientRect()
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(24)
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    await expect.element(retry).toHaveFocus()
    answer = Response.json(metered(7))
    await userEvent.keyboard('{Enter}')
    await expect.element(meter).toHaveAttribute('aria-valuetext', '7 of 100 calls')
  })

  it('speaks when usage crosses a threshold, and only then', async () => {
    const { use } = await showLive(10)
    for (const used of [11, 50, 79]) {
      use(used)
      await expect.element(meter).toHaveAttribute('aria-valuenow', String(used))
      expect(spoken()).toBe('')
    }
    use(80)
    await expect.poll(spoken).toBe('API calls: 80 of 100 calls, 20 left')
    use(94)
    await expect.element(meter).toHaveAttribute('aria-valuenow', '94')
    expect(spoken()).toBe('API calls: 80 of 100 calls, 20 left')
    use(100)
    await expect.poll(spoken).toBe('API calls: 100 of 100 calls, limit reached')
    use(101)
    await expect.poll(spoken).toBe('API calls: 101 of 100 calls, over the limit')
    use(101, 500)
    await expect.element(meter).toHaveAttribute('aria-valuemax', '500')
    expect(spoken()).toBe('API calls: 101 of 100 calls, over the limit')
  })

  it('says nothing of a limit that was reached before the page was opened', async () => {
    await showLive(100)
    await expect.element(meter).toBeVisible()
    expect(spoken()).toBe('')
  })

  it('can be taken apart, with props, refs and other elements on every part', async () => {
    const ref = createRef<HTMLDivElement>()
    const { container } = await render(
      <BillingProvider client={stillClient(mockSnapshot())}>
        <UsageBar.Root feature="apiCalls" label="API calls" className="mine" id="bar" ref={ref}>
          <UsageBar.Track data-extra="yes" />
          <UsageBar.Label render={<strong className="title" />} />
          <UsageBar.Value render={(props, { text }) => <em {...props}>{text.toUpperCase()}</em>} />
          <UsageBar.Reset title="UTC" />
        </UsageBar.Root>
      </BillingProvider>,
    )
    expect(ref.current).toBe(container.querySelector('#bar'))
    expect(ref.current?.className).toBe('mine')
    expect([...(ref.current?.children ?? [])].map(({ tagName }) => tagName)).toEqual(['DIV', 'STRONG', 'EM', 'DIV'])
    await expect.element(meter).toHaveAttribute('data-extra', 'yes')
    await expect.element(page.getByRole('strong')).toHaveTextContent('API calls')
    await expect.element(page.getByText('3 OF 5 CALLS')).toBeVisible()
    await expect.element(page.getByTitle('UTC')).toHaveTextContent('Resets Dec 1, 2026')
  })

  it('speaks the language and the time zone it was given, never the runtime\'s', async () => {
    const usage = { apiCalls: mockUsage(1234, 5000, { periodEnd: '2026-12-01T02:00:00.000Z' }) }
    await render(
      <BillingProvider
        client={stillClient(mockSnapshot({ usage }))}
        locale="de-DE"
        timeZone="America/New_York"
        messages={{
          usage: ({ total, limit }, { number }) => `${number(total)} von ${limit === null ? '∞' : number(limit)}`,
          resets: (date) => `Neu ab ${date}`,
        }}
      >
        <UsageBar feature="apiCalls" label="Aufrufe" />
      </BillingProvider>,
    )
    await expect.element(page.getByRole('meter', { name: 'Aufrufe' })).toHaveAttribute('aria-valuetext', '1.234 von 5.000')
    await expect.element(page.getByText('Neu ab 30.11.2026')).toBeVisible()
  })

  it('tells what to do when it stands alone', async () => {
    await expect(render(<UsageBar feature="apiCalls" />)).rejects.toThrow('No <BillingProvider>')
    const lost = (
      <BillingProvider client={stillClient(mockSnapshot())}>
        <UsageBar.Label />
      </BillingProvider>
    )
    await expect(render(lost)).rejects.toThrow('or Root above')
  })
})

/** How much of the track each part takes. */
async function shares(name: string): Promise<number[]> {
  const container = await show(name)
  const width = container.querySelector('[data-slot=usage-bar-track]')?.getBoundingClientRect().width ?? Number.NaN
  const parts = ['fill', 'reserved', 'over'].map((part) => container.querySelector(`[data-slot=usage-bar-${part}]`))
  return parts.map((part) => (part?.getBoundingClientRect().width ?? Number.NaN) / width)
}

describe('styles', () => {
  afterEach(() => cdp().send('Emulation.setEmulatedMedia', { features: [] }))

  it('do not move for those who asked for less motion', async () => {
    expect(fill(await show('partly used')).transitionDuration).toBe('0.24s')
    await cdp().send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-reduced-motion', value: 'reduce' }] })
    expect(fill(await show('partly used')).transitionDuration).toBe('0s')
    const loading = await show('loading')
    const track = loading.querySelector('[data-slot=usage-bar-track]')
    expect(track && getComputedStyle(track).animationName).toBe('none')
  })

  it('keep fill and track apart in forced colours', async () => {
    await cdp().send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value: 'active' }] })
    const container = await show('partly used')
    const track = container.querySelector('[data-slot=usage-bar-track]')
    expect(track && getComputedStyle(track).borderTopWidth).toBe('1px')
    expect(fill(container).backgroundColor).not.toBe(track && getComputedStyle(track).backgroundColor)
  })

  it('give way to any rule of the app, and take its tokens', async () => {
    const sheet = document.createElement('style')
    sheet.textContent = '.mine { color: rgb(1, 2, 3) } :root { --farebox-color-primary: rgb(4, 5, 6) }'
    document.head.append(sheet)
    const { container } = await render(
      <BillingProvider client={stillClient(mockSnapshot())}>
        <UsageBar feature="apiCalls" className="mine" />
      </BillingProvider>,
    )
    const bar = container.querySelector('.mine')
    expect(bar && getComputedStyle(bar).color).toBe('rgb(1, 2, 3)')
    expect(fill(container).backgroundColor).toBe('rgb(4, 5, 6)')
    sheet.remove()
  })

  it('show beside each other what is used, what is held and what is beyond the limit', async () => {
    expect(await shares('reserved')).toEqual([expect.closeTo(0.2), expect.closeTo(0.4), 0])
    expect(await shares('over the limit')).toEqual([expect.closeTo(5 / 6), 0, expect.closeTo(1 / 6)])
    expect(await shares('unlimited')).toEqual([0, 0, 0])
  })

  it('fill as much as is used, from the side where reading begins', async () => {
    const container = await show('partly used')
    const track = container.querySelector('[data-slot=usage-bar-track]')?.getBoundingClientRect()
    const box = container.querySelector('[data-slot=usage-bar-fill]')?.getBoundingClientRect()
    expect((box?.width ?? 0) / (track?.width ?? 1)).toBeCloseTo(0.6, 2)
    expect(box?.left).toBe(track?.left)
    document.documentElement.dir = 'rtl'
    expect(container.querySelector('[data-slot=usage-bar-fill]')?.getBoundingClientRect().right).toBe(
      container.querySelector('[data-slot=usage-bar-track]')?.getBoundingClientRect().right,
    )
    document.documentElement.removeAttribute('dir')
  })
})
