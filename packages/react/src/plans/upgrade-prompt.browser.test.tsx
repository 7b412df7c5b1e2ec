import type { Problem } from '@farebox/core/protocol'
import { useState } from 'react'
import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { quotaExceeded, stillClient } from '../../test/billing-states.tsx'
import { createBillingServer } from '../../test/billing-server.ts'
import { mockAnswers } from '../testing/mock-answers.ts'
import { mockPaidSnapshot, mockSnapshot, mockUsage } from '../testing/mock-snapshot.ts'
import { type BillingClient, BillingProvider, type UpgradeForm, UpgradePrompt, UsageBar, createBillingClient, readProblem } from '../index.ts'
import '../styles.css'

const preview = mockAnswers()['POST /change'] ?? {}
const upgrade = page.getByRole('button', { name: 'Upgrade to Pro' })

function prompt(problem: Problem | null, client: BillingClient = stillClient(mockSnapshot())) {
  return render(
    <BillingProvider client={client}>
      <UpgradePrompt problem={problem} label="API calls" className="prompt" />
    </BillingProvider>,
  )
}

/** A client whose server answers each path as told, and the requests and pages it went to. */
function answering(answers: Readonly<Record<string, () => Response>>, initialSnapshot = mockSnapshot()) {
  const bodies: unknown[] = []
  const visited: string[] = []
  const client = createBillingClient({
    initialSnapshot,
    navigate: (url) => visited.push(url),
    fetch: async (input) => {
      const request = new Request(input)
      const path = new URL(request.url).pathname.replace('/api/billing', '')
      if (request.method === 'POST') bodies.push([path, await request.json()])
      return answers[path]?.() ?? new Response(null, { status: 404 })
    },
  })
  return { client, bodies, visited }
}

describe('UpgradePrompt from a problem', () => {
  it('says what happened and names the plan that lifts the limit', async () => {
    const { container } = await prompt(quotaExceeded)
    await expect.element(page.getByRole('alert')).toHaveTextContent('API calls: limit reachedPro includes 500 calls.Upgrade to Pro')
    expect(container.querySelector('.prompt')?.getAttribute('data-plan')).toBe('pro')
  })

  it('knows a feature that the plan does not have', async () => {
    await prompt({ type: '/problems/plan-required', title: '', status: 402, feature: 'exports', lift: { plan: 'pro', limit: null } })
    await expect.element(page.getByText('API calls: not in your plan')).toBeVisible()
    await expect.element(page.getByText('Pro includes it.')).toBeVisible()
  })

  it.each([
    ['a burst', { ...quotaExceeded, type: '/problems/rate-limited' }],
    ['a missing role', { ...quotaExceeded, type: '/problems/forbidden', status: 403 }],
    ['a limit that no plan lifts', { type: '/problems/quota-exceeded', title: '', status: 429, feature: 'apiCalls' }],
    ['nothing', null],
  ])('shows nothing for %s', async (_, problem) => {
    const { container } = await prompt(problem)
    expect(container.querySelector('.prompt')).toBeNull()
    expect(page.getByRole('button').elements()).toEqual([])
  })

  it('starts a checkout, by keyboard, and goes to its page', async () => {
    const { client, bodies, visited } = answering({ '/checkout': () => Response.json({ url: 'https://pay.example.com/1' }) })
    await prompt(quotaExceeded, client)
    await userEvent.tab()
    await expect.element(upgrade).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => visited).toEqual(['https://pay.example.com/1'])
    expect(bodies).toEqual([['/checkout', { plan: 'pro', interval: 'month' }]])
    const { height } = upgrade.element().getBoundingClientRect()
    expect(height).toBeGreaterThanOrEqual(24)
  })

  it('says that it is busy, says when it failed, and can be tried again', async () => {
    let answer = new Response(null, { status: 503 })
    const { client, visited } = answering({ '/checkout': () => answer })
    await prompt(quotaExceeded, client)
    await upgrade.click()
    await expect.element(page.getByText('That did not work. Try again.')).toBeVisible()
    await expect.element(upgrade).toHaveFocus()
    answer = Response.json({ url: 'https://pay.example.com/2' })
    await upgrade.click()
    await expect.poll(() => visited).toEqual(['https://pay.example.com/2'])
    await expect.element(page.getByText('That did not work. Try again.')).not.toBeInTheDocument()
    const still = stillClient(mockSnapshot())
    await prompt(quotaExceeded, still)
    await upgrade.last().click()
    await expect.element(page.getByText('Loading…')).toBeVisible()
  })

  it('goes away when the page learns that the customer has paid elsewhere', async () => {
    const { client, visited } = answering(
      {
        '/checkout': () => Response.json({ type: '/problems/already-subscribed', title: '', status: 409 }, { status: 409 }),
        '/me': () => Response.json(mockPaidSnapshot()),
      },
      mockSnapshot({ usage: { apiCalls: mockUsage(5, 5) } }),
    )
    await render(
      <BillingProvider client={client}>
        <UpgradePrompt feature="apiCalls" />
      </BillingProvider>,
    )
    await upgrade.click()
    await expect.element(upgrade).not.toBeInTheDocument()
    expect(visited).toEqual([])
  })

  it('opens the portal for who owes', async () => {
    const owes = { type: '/problems/payment-past-due', title: '', status: 402 }
    const answers = { '/portal': () => Response.json({ url: 'https://pay.example.com/portal' }) }
    const { client, bodies, visited } = answering(answers, mockSnapshot({ status: 'unpaid' }))
    await prompt(owes, client)
    await page.getByRole('button', { name: 'Update payment' }).click()
    await expect.poll(() => visited).toEqual(['https://pay.example.com/portal'])
    expect(bodies).toEqual([['/portal', {}]])
  })

  it('shows a subscriber what the change comes to before it is made, with nothing that was not asked for', async () => {
    const { client, sent, visited } = createBillingServer(
      {
        'POST /change': (body) => (body['preview'] ? preview : { kind: 'changed', plan: 'pro', entitlementVersion: 9 }),
        'GET /me': () => mockPaidSnapshot({ entitlementVersion: 9 }),
      },
      mockPaidSnapshot({ status: 'trialing' }),
    )
    await prompt(quotaExceeded, client)
    await upgrade.click()
    const dialog = page.getByRole('dialog', { name: 'Upgrade to Pro' })
    await expect.element(dialog.getByRole('heading', { name: 'Change to Pro' })).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await expect.element(upgrade).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await dialog.getByRole('button', { name: 'Confirm and pay $261.00' }).click()
    await expect.element(upgrade).not.toBeInTheDocument()
    await expect.element(page.getByText('You are on Pro now.')).toBeInTheDocument()
    const change = { plan: 'pro', prorationDate: '2026-11-21T06:30:00.000Z' }
    expect(sent).toEqual([{ plan: 'pro', preview: true }, { plan: 'pro', preview: true }, change].map((body) => ['POST /change', body]))
    expect(visited).toEqual([])
  })

  it.each([
    ['may not manage billing', quotaExceeded, mockSnapshot({ canManageBilling: false }), 'Ask who manages billing.'],
    ['needs a plan to ask for', { ...quotaExceeded, lift: { plan: 'enterprise', limit: null } }, mockSnapshot(), 'Enterprise includes it.'],
  ])('has no button for who %s', async (_, problem, snapshot, text) => {
    await prompt(problem, stillClient(snapshot))
    await expect.element(page.getByText(text)).toBeVisible()
    expect(page.getByRole('button').elements()).toEqual([])
  })
})

interface CallsProps {
  readonly form: UpgradeForm
  readonly problems: readonly Problem[]
  readonly client?: BillingClient
}

function Calls({ form, problems, client }: CallsProps) {
  const [count, setCount] = useState(0)
  const [still] = useState(() => stillClient(mockSnapshot()))
  return (
    <BillingProvider client={client ?? still}>
      <button type="button" onClick={() => setCount(count + 1)}>Call</button>
      <UpgradePrompt problem={problems[count - 1]} form={form} label="API calls" />
    </BillingProvider>
  )
}

describe('UpgradePrompt over the page', () => {
  const again = { ...quotaExceeded }

  it('is a modal dialog that Escape closes, returns the focus, and comes back with the next refusal alone', async () => {
    await render(<Calls form="dialog" problems={[quotaExceeded, again]} />)
    const dialog = page.getByRole('dialog', { name: 'API calls: limit reached' })
    await page.getByRole('button', { name: 'Call' }).click()
    await expect.element(dialog).toBeVisible()
    await userEvent.tab()
    await expect.element(upgrade).toHaveFocus()
    await userEvent.keyboard('{Escape}')
    await expect.element(dialog).not.toBeInTheDocument()
    await expect.element(page.getByRole('button', { name: 'Call' })).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect.element(dialog).toBeVisible()
    await page.getByRole('button', { name: 'Not now' }).click()
    await expect.element(page.getByRole('button', { name: 'Call' })).toHaveFocus()
  })

  it('shows what a change comes to in the same dialog, and goes back', async () => {
    const { client } = createBillingServer({}, mockPaidSnapshot())
    await render(
      <BillingProvider client={client} live={false}>
        <UpgradePrompt problem={quotaExceeded} form="dialog" label="API calls" />
      </BillingProvider>,
    )
    const dialog = page.getByRole('dialog')
    await upgrade.click()
    await expect.element(dialog.getByRole('button', { name: 'Confirm and pay $261.00' })).toBeVisible()
    await expect.element(dialog).toHaveFocus()
    await dialog.getByRole('button', { name: 'Back' }).click()
    await expect.element(upgrade).toBeVisible()
    await expect.element(dialog).toHaveFocus()
    await page.getByRole('button', { name: 'Not now' }).click()
    await expect.element(dialog).not.toBeInTheDocument()
  })

  it('returns the focus to what asked for it, where the change was made and nothing is left to offer', async () => {
    const usage = { apiCalls: mockUsage(5, 5) }
    const { client } = createBillingServer({
      'POST /change': (body) => (body['preview'] ? preview : { kind: 'changed', plan: 'pro', entitlementVersion: 9 }),
      'GET /me': () => mockPaidSnapshot({ entitlementVersion: 9 }),
    }, mockPaidSnapshot({ usage: {} }))
    await render(
      <BillingProvider client={client} live={false}>
        <button type="button" onClick={() => client.accept(mockPaidSnapshot({ usage }))}>Call</button>
        <UpgradePrompt feature="apiCalls" form="dialog" label="API calls" />
      </BillingProvider>,
    )
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Call' }).click()
    await upgrade.click()
    await dialog.getByRole('button', { name: 'Confirm and pay $261.00' }).click()
    await expect.element(page.getByText('You are on Pro now.')).toBeInTheDocument()
    await expect.element(dialog).not.toBeInTheDocument()
    await expect.element(page.getByRole('button', { name: 'Call' })).toHaveFocus()
  })

  it.each(['inline', 'toast', 'banner'] as const)('returns the focus from the dialog of a change to where %s was come to from', async (form) => {
    const usage = { apiCalls: mockUsage(5, 5) }
    const { client } = createBillingServer({
      'POST /change': (body) => (body['preview'] ? preview : { kind: 'changed', plan: 'pro', entitlementVersion: 9 }),
      'GET /me': () => mockPaidSnapshot({ entitlementVersion: 9 }),
    }, mockPaidSnapshot({ usage }))
    await render(
      <BillingProvider client={client} live={false}>
        <button type="button">Call</button>
        <UpgradePrompt feature="apiCalls" form={form} label="API calls" />
      </BillingProvider>,
    )
    await page.getByRole('button', { name: 'Call' }).click()
    await userEvent.tab()
    await userEvent.keyboard('{Enter}')
    await page.getByRole('button', { name: 'Confirm and pay $261.00' }).click()
    await expect.element(upgrade).not.toBeInTheDocument()
    await expect.element(page.getByRole('button', { name: 'Call' })).toHaveFocus()
  })

  it.each(['toast', 'banner'] as const)('is a %s that can be put away, and comes back with the next refusal', async (form) => {
    await render(<Calls form={form} problems={[quotaExceeded, again]} />)
    await page.getByRole('button', { name: 'Call' }).click()
    await expect.element(page.getByRole('alert')).toHaveAttribute('data-form', form)
    await userEvent.tab()
    await userEvent.tab()
    await expect.element(page.getByRole('button', { name: 'Not now' })).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('alert')).not.toBeInTheDocument()
    await expect.element(page.getByRole('button', { name: 'Call' })).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('alert')).toBeVisible()
  })

  it.each(['dialog', 'toast', 'banner'] as const)('leads nowhere from a %s that is put away while its checkout is asked for, and can be asked again', async (form) => {
    const held: ((url: object) => void)[] = []
    const { client, sent, visited } = createBillingServer({ 'POST /checkout': () => new Promise((resolve) => held.push(resolve)) }, mockSnapshot())
    await render(<Calls form={form} problems={[quotaExceeded, again]} client={client} />)
    await page.getByRole('button', { name: 'Call' }).click()
    await upgrade.click()
    await expect.poll(() => held.length).toBe(1)
    await page.getByRole('button', { name: 'Not now' }).click()
    held[0]?.({ url: 'https://pay.example.com/1' })
    await page.getByRole('button', { name: 'Call' }).click()
    await expect.element(upgrade).toBeVisible()
    await expect.element(page.getByText('Loading…')).not.toBeInTheDocument()
    expect(visited).toEqual([])
    await upgrade.click()
    await expect.poll(() => held.length).toBe(2)
    held[1]?.({ url: 'https://pay.example.com/2' })
    await expect.poll(() => visited).toEqual(['https://pay.example.com/2'])
    expect(sent).toHaveLength(2)
  })

  it('tells of no failure of a prompt that was put away', async () => {
    const { client } = createBillingServer({ 'POST /checkout': () => new Response(null, { status: 503 }) }, mockSnapshot())
    await render(<Calls form="toast" problems={[quotaExceeded, again]} client={client} />)
    await page.getByRole('button', { name: 'Call' }).click()
    await upgrade.click()
    const failure = page.getByText('That did not work. Try again.')
    await expect.element(failure).toBeVisible()
    await page.getByRole('button', { name: 'Not now' }).click()
    await page.getByRole('button', { name: 'Call' }).click()
    await expect.element(upgrade).toBeVisible()
    await expect.element(failure).not.toBeInTheDocument()
  })

  it.each(['dialog', 'toast', 'banner'] as const)('shows no %s for a burst', async (form) => {
    const { container } = await render(<Calls form={form} problems={[{ ...quotaExceeded, type: '/problems/rate-limited' }]} />)
    await page.getByRole('button', { name: 'Call' }).click()
    expect(container.querySelector('[data-slot=upgrade-prompt], dialog[open]')).toBeNull()
  })
})

describe('UpgradePrompt from the present usage', () => {
  it('appears when nothing is left, and goes when there is more', async () => {
    const client = stillClient(mockSnapshot({ usage: { apiCalls: mockUsage(4, 5) } }))
    await render(
      <BillingProvider client={client}>
        <UpgradePrompt feature="apiCalls" label="API calls" />
      </BillingProvider>,
    )
    expect(upgrade.elements()).toEqual([])
    client.accept(mockSnapshot({ usage: { apiCalls: mockUsage(5, 5) } }))
    await expect.element(upgrade).toBeVisible()
    expect(page.getByRole('alert').elements()).toEqual([])
    client.accept(mockPaidSnapshot())
    await expect.element(upgrade).not.toBeInTheDocument()
  })

  it.each([
    ['nothing is limited', mockUsage(9, null)],
    ['the server names no plan, because usage goes on and is billed', mockUsage(5, 5, { overage: 3 })],
  ])('stays away where %s', async (_, { lift: _lift, ...usage }) => {
    await render(
      <BillingProvider client={stillClient(mockSnapshot({ usage: { apiCalls: usage } }))}>
        <UpgradePrompt feature="apiCalls" />
      </BillingProvider>,
    )
    expect(page.getByRole('button').elements()).toEqual([])
  })
})

describe('UpgradePrompt beside a meter', () => {
  it('follows the answers of the app: five calls from their headers, and the plan that the sixth was refused for', async () => {
    const paths: string[] = []
    let used = 0
    const client = createBillingClient({
      initialSnapshot: mockSnapshot({ usage: { apiCalls: mockUsage(0, 5) } }),
      fetch: async (input) => {
        paths.push(new URL(new Request(input).url).pathname)
        used = Math.min(5, used + 1)
        const headers = { ratelimit: `"apiCalls";r=${5 - used};t=60`, 'ratelimit-policy': '"apiCalls";q=5;w=2592000;qu="call"' }
        return paths.length < 6 ? new Response('Less is more.', { headers }) : Response.json(quotaExceeded, { status: 429, headers })
      },
    })
    function Quotes() {
      const [problem, setProblem] = useState<Problem>()
      const ask = async (): Promise<void> => setProblem(await readProblem(await client.fetch('/api/quote')))
      return (
        <BillingProvider client={client}>
          <UsageBar feature="apiCalls" label="API calls" />
          <button type="button" onClick={() => void ask()}>
            Quote
          </button>
          <UpgradePrompt problem={problem} label="API calls" />
        </BillingProvider>
      )
    }
    await render(<Quotes />)
    const meter = page.getByRole('meter', { name: 'API calls' })
    for (const words of ['1 of 5 calls', '2 of 5 calls', '3 of 5 calls', '4 of 5 calls, 1 left', '5 of 5 calls, limit reached']) {
      await page.getByRole('button', { name: 'Quote' }).click()
      await expect.element(meter).toHaveAttribute('aria-valuetext', words)
    }
    expect(upgrade.elements()).toEqual([])
    await page.getByRole('button', { name: 'Quote' }).click()
    await expect.element(upgrade).toBeVisible()
    expect(paths).toEqual(Array.from({ length: 6 }, () => '/api/quote'))
  })
})
