import type { Snapshot } from '@farebox/core/protocol'
import { createElement } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { type Answers, createBillingServer } from '../../test/billing-server.ts'
import { mockAnswers, mockPlans } from '../testing/mock-answers.ts'
import { mockPaidSnapshot, mockSnapshot } from '../testing/mock-snapshot.ts'
import { BillingProvider, PricingTable, type PricingTableProps } from '../index.ts'
import '../styles.css'

const preview = mockAnswers()['POST /change'] ?? {}
const paid = mockPaidSnapshot()
const yearly = mockPaidSnapshot({ entitlementVersion: 3, subscription: paid.subscription && { ...paid.subscription, interval: 'year' } })
const leaving = mockPaidSnapshot({ entitlementVersion: 3, notices: [{ kind: 'cancellation-scheduled', at: '2026-12-21T06:30:00.000Z' }] })

async function show(props: PricingTableProps, answers: Answers = {}, snapshot?: Snapshot) {
  const server = createBillingServer(answers, snapshot)
  const { container } = await render(
    <BillingProvider client={server.client} live={false} labels={{ apiCalls: 'API calls' }}>
      <PricingTable {...props} />
    </BillingProvider>,
  )
  return { ...server, container }
}

function button(name: string) {
  return page.getByRole('button', { name, exact: true })
}

const dialog = page.getByRole('dialog')
const unauthenticated = { 'GET /me': () => Response.json({ type: '/problems/unauthenticated', title: '', status: 401 }, { status: 401 }) }

describe('PricingTable for somebody who is not signed in', () => {
  it('shows what the server rendered with, asks for no catalog, and leads to the sign-in', async () => {
    const { read } = await show({ plans: mockPlans(), signInUrl: '/sign-in' }, unauthenticated)
    await expect.element(page.getByRole('link', { name: 'Start free trial' })).toHaveAttribute('href', '/sign-in')
    await expect.element(page.getByRole('heading', { name: 'Pro Recommended' })).toBeVisible()
    await expect.element(page.getByText('$29', { exact: true })).toBeVisible()
    expect(read).toEqual(['GET /me'])
  })

  it('says that a sign-in is needed where there is no page for it', async () => {
    await show({ plans: mockPlans() }, { ...unauthenticated, 'POST /checkout': unauthenticated['GET /me'] })
    await button('Start free trial').click()
    await expect.element(page.getByText('Sign in first.')).toBeVisible()
  })
})

describe('PricingTable for a customer without a subscription', () => {
  it('starts a checkout of what is shown: plan, interval, currency and promotion code', async () => {
    const { sent, visited } = await show({ promotionCode: 'SPRING', successUrl: 'https://app.example.com/done' }, {}, mockSnapshot())
    await expect.element(button('Current plan')).toHaveAttribute('aria-disabled', 'true')
    page.getByRole('radio', { name: 'Monthly' }).element().focus()
    await userEvent.keyboard('{ArrowRight}')
    await expect.element(page.getByText('$24.17')).toBeVisible()
    await expect.element(page.getByText('$290 billed yearly, 14 days free')).toBeVisible()
    await page.getByRole('combobox', { name: 'Currency' }).selectOptions('EUR')
    await expect.element(page.getByText('€22.50')).toBeVisible()
    await button('Start free trial').click()
    await expect.poll(() => visited).toEqual(['https://pay.example.com/checkout'])
    expect(sent).toEqual([['POST /checkout', { plan: 'pro', interval: 'year', promotionCode: 'SPRING', currency: 'eur', successUrl: 'https://app.example.com/done' }]])
  })

  it('says why a checkout did not begin, beside the plan, and lets it be tried again', async () => {
    await show({}, { 'POST /checkout': () => Response.json({ type: '/problems/payments-failed', title: '', status: 502 }, { status: 502 }) }, mockSnapshot())
    await button('Start free trial').click()
    await expect.element(page.getByText('The payment service did not accept this.')).toBeVisible()
    await expect.element(button('Start free trial')).toHaveFocus()
  })

  it('asks who may pay', async () => {
    const { sent } = await show({}, {}, mockSnapshot({ canManageBilling: false }))
    await button('Ask who manages billing').click({ force: true })
    expect(sent).toEqual([])
  })
})

/** Asks for the year of a plan that is paid by month. */
async function ask(answers: Answers) {
  const server = await show({}, answers, paid)
  await page.getByRole('radio', { name: /Yearly/ }).click()
  await button('Change to yearly').click()
  return server
}

describe('PricingTable for a subscriber', () => {
  it('shows what a change comes to before it is made, and returns the focus', async () => {
    const { sent, visited } = await ask({
      'POST /change': (body) => (body['preview'] ? preview : { kind: 'changed', plan: 'pro', entitlementVersion: 3 }),
      'GET /me': () => yearly,
    })
    await expect.element(dialog).toHaveTextContent(
      'Change to ProTakes effect at once.Unused time on Pro after 21 Nov 2026-$29.001 × Pro (at $290.00 / year)$290.00Due now$261.00Next invoice$290.00Confirm and pay $261.00Back',
    )
    expect(sent).toEqual([['POST /change', { plan: 'pro', interval: 'year', preview: true }]])
    await userEvent.keyboard('{Enter}')
    await button('Confirm and pay $261.00').click()
    await expect.element(dialog).not.toBeInTheDocument()
    expect(sent.slice(1)).toEqual([['POST /change', { plan: 'pro', interval: 'year', prorationDate: '2026-11-21T06:30:00.000Z' }]])
    expect(visited).toEqual([])
    await expect.element(button('Current plan')).toHaveFocus()
    await expect.element(page.getByText('You are on Pro now.')).toBeInTheDocument()
  })

  it('leaves everything as it is with Escape and with Back', async () => {
    const { sent } = await ask({})
    await userEvent.keyboard('{Escape}')
    await expect.element(dialog).not.toBeInTheDocument()
    await expect.element(button('Change to yearly')).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await button('Back').click()
    await expect.element(button('Change to yearly')).toHaveFocus()
    expect(sent.map(([, body]) => body)).toEqual([{ plan: 'pro', interval: 'year', preview: true }, { plan: 'pro', interval: 'year', preview: true }])
  })

  it('leaves open what was asked for since, when the answer to a change comes late', async () => {
    let arrive: (() => void) | undefined
    const { client, sent } = createBillingServer({
      'POST /change': (body) => (body['preview'] ? preview : { kind: 'changed', plan: 'pro', entitlementVersion: 3 }),
      'GET /me': () => yearly,
    }, paid)
    const slow = { ...client, change: async (wish: Parameters<typeof client.change>[0]) => {
      await new Promise<void>((resolve) => (arrive = resolve))
      return client.change(wish)
    } }
    await render(<BillingProvider client={slow} live={false}><PricingTable plans={mockPlans()} /></BillingProvider>)
    await page.getByRole('radio', { name: /Yearly/ }).click()
    await button('Change to yearly').click()
    await button('Confirm and pay $261.00').click()
    await userEvent.keyboard('{Escape}')
    await button('Downgrade to Free').click()
    await expect.element(dialog.getByRole('heading', { name: 'Cancel Pro?' })).toBeVisible()
    arrive?.()
    await expect.element(page.getByText('You are on Pro now.')).toBeInTheDocument()
    await expect.element(dialog.getByRole('heading', { name: 'Cancel Pro?' })).toBeVisible()
    expect(sent).toHaveLength(2)
  })

  it('stays open where the payment is refused, and can be tried again', async () => {
    let isRefused = true
    await ask({
      'POST /change': (body) => {
        if (body['preview']) return preview
        return isRefused ? Response.json({ type: '/problems/payments-failed', title: '', status: 502 }, { status: 502 }) : { kind: 'changed', plan: 'pro', entitlementVersion: 3 }
      },
      'GET /me': () => yearly,
    })
    await button('Confirm and pay $261.00').click()
    await expect.element(dialog.getByRole('status')).toHaveTextContent('The payment service did not accept this.')
    isRefused = false
    await button('Confirm and pay $261.00').click()
    await expect.element(dialog).not.toBeInTheDocument()
  })

  it.each([
    ['on the page that it answers', 'https://pay.example.com/3ds', 'link'],
    ['in the portal', null, 'button'],
  ] as const)('says that nothing has changed where a payment has to be confirmed, %s', async (_, url, role) => {
    const { visited } = await ask({ 'POST /change': (body) => (body['preview'] ? preview : { kind: 'action-required', url }) })
    await button('Confirm and pay $261.00').click()
    await expect.element(dialog.getByText('Nothing has changed yet: pay or confirm first.')).toBeVisible()
    await expect.element(dialog.getByRole(role, { name: 'Pay or confirm' })).toBeVisible()
    await expect.element(button('Confirm and pay $261.00')).toHaveAttribute('aria-disabled', 'true')
    expect(visited).toEqual(url === null ? [] : [url])
  })

  it('says what could not be previewed, and asks again', async () => {
    let isDown = true
    await ask({ 'POST /change': () => (isDown ? new Response(null, { status: 503 }) : preview) })
    await expect.element(dialog.getByRole('alert')).toHaveTextContent('Could not load. Try again')
    isDown = false
    await button('Try again').click()
    await expect.element(button('Confirm and pay $261.00')).toBeVisible()
  })

  it('says what is wrong with what was asked for, in the words of the server', async () => {
    const faults = [{ path: 'promotionCode', message: 'There is no such code, or it has expired' }]
    await ask({ 'POST /change': () => Response.json({ type: '/problems/invalid-request', title: '', status: 400, faults }, { status: 400 }) })
    await expect.element(dialog.getByRole('alert')).toHaveTextContent('There is no such code, or it has expired')
    await expect.element(button('Confirm')).toHaveAttribute('aria-disabled', 'true')
  })

  it('sends a number of seats only where one was chosen', async () => {
    const option = { amount: 900, currency: 'usd', tiers: null }
    const month = { ...option, perSeat: true, minimum: 2, tiersMode: null, options: [option] }
    const plans = { plans: mockPlans().plans.map((plan) => (plan.key === 'free' ? plan : { ...plan, contactSales: false, prices: { month } })) }
    const seated = mockPaidSnapshot({ subscription: paid.subscription && { ...paid.subscription, quantity: 7 } })
    const { sent } = await show({ quantity: 3 }, { 'GET /plans': () => plans }, seated)
    await expect.element(button('Current plan')).toBeVisible()
    await expect.element(page.getByRole('spinbutton', { name: 'Seats' })).toHaveValue(7)
    await button('Upgrade to Enterprise').click()
    await button('Back').click()
    await page.getByRole('button', { name: 'More seats' }).click()
    await button('Change seats').click()
    await expect.element(dialog.getByRole('heading', { name: 'Change to Pro' })).toBeVisible()
    expect(sent.map(([, body]) => body)).toEqual([
      { plan: 'enterprise', interval: 'month', preview: true }, { plan: 'pro', interval: 'month', quantity: 8, preview: true },
    ])
  })

  it('keeps the focus and the name of what is asked when the plan comes to be had meanwhile', async () => {
    const { client } = await show({}, { 'POST /change': () => preview }, paid)
    await page.getByRole('radio', { name: /^Yearly/ }).click()
    await button('Change to yearly').click()
    const confirm = button('Confirm and pay $261.00')
    await expect.element(confirm).toBeVisible()
    confirm.element().focus()
    client.accept({ ...paid, entitlementVersion: 3, subscription: paid.subscription && { ...paid.subscription, interval: 'year' } })
    await expect.poll(() => page.getByText('Current plan', { exact: true }).elements().length).toBe(1)
    await expect.element(page.getByRole('dialog', { name: 'Change to yearly' })).toBeVisible()
    await expect.element(confirm).toHaveFocus()
  })

  it('offers to buy what cannot be changed to, where the subscription is over before the page knows of it', async () => {
    await show({}, {
      'POST /change': () => Response.json({ type: '/problems/not-found', title: 'There is nothing here', status: 404 }, { status: 404 }),
      'GET /me': () => mockSnapshot({ entitlementVersion: 3, status: 'canceled' }),
    }, paid)
    await page.getByRole('radio', { name: /^Yearly/ }).click()
    await button('Change to yearly').click()
    await expect.element(dialog.getByRole('alert')).toHaveTextContent('There is nothing here. Try again')
    await userEvent.keyboard('{Escape}')
    await expect.element(button('Choose Pro')).toBeVisible()
  })

  it('warns before it goes down to the plan for nothing, and takes it back', async () => {
    let snapshot: Snapshot = leaving
    const { sent } = await show({}, {
      'POST /cancel': () => ({ kind: 'scheduled', plan: 'free', at: '2026-12-21T06:30:00.000Z' }),
      'POST /resume': () => ({ kind: 'changed', plan: 'pro', entitlementVersion: 4 }),
      'GET /me': () => snapshot,
    }, paid)
    await button('Downgrade to Free').click()
    await expect.element(dialog.getByText('You keep Pro until Dec 21, 2026. From then on you have Free.')).toBeVisible()
    await button('Cancel at the end of the period').click()
    await expect.element(button('Scheduled')).toHaveFocus()
    // Told once the dialog has closed: what is told sooner would make way for it.
    await expect.poll(() => document.querySelector('[data-slot=billing-announcer]')?.textContent).toBe('You move to Free on Dec 21, 2026.')
    snapshot = mockPaidSnapshot({ entitlementVersion: 4 })
    await button('Keep Pro').click()
    await expect.element(button('Current plan')).toHaveFocus()
    await expect.element(page.getByText('Your subscription continues.')).toBeInTheDocument()
    expect(sent).toEqual([['POST /cancel', {}], ['POST /resume', {}]])
  })
})

describe('PricingTable with a plan that has no price', () => {
  it.each([
    ['its own', { contactUrl: 'mailto:sales@example.com' }, 'https://example.com/contact', 'mailto:sales@example.com'],
    ['the provider’s', {}, 'https://example.com/contact', 'https://example.com/contact'],
  ])('leads to whom to ask: %s address', async (_, props, contactUrl, href) => {
    const { client } = createBillingServer({}, mockSnapshot())
    await render(<BillingProvider client={client} live={false} contactUrl={contactUrl}><PricingTable {...props} /></BillingProvider>)
    await expect.element(page.getByRole('link', { name: 'Contact us' })).toHaveAttribute('href', href)
  })

  it('has no button where there is nobody to ask, unless it is told what to do', async () => {
    const { container } = await show({ plans: mockPlans() }, {}, mockSnapshot())
    await expect.element(button('Start free trial')).toBeVisible()
    expect(container.querySelector('[data-plan=enterprise]')?.textContent).toContain('Custom')
    expect(page.getByText('Contact us').elements()).toEqual([])
    const { client } = createBillingServer({}, mockSnapshot())
    const asked: string[] = []
    await render(
      <BillingProvider client={client} live={false}>
        <PricingTable.Root plans={mockPlans()}>
          <PricingTable.Plans>{({ plan }) => <PricingTable.Action onClick={() => asked.push(plan.key)} />}</PricingTable.Plans>
        </PricingTable.Root>
      </BillingProvider>,
    )
    await button('Contact us').click()
    expect(asked).toEqual(['enterprise'])
  })
})

/** Where each plan has its price and its features. */
async function placesAt(width: number) {
  await page.viewport(width, 800)
  const { container } = await show({ plans: mockPlans() }, unauthenticated)
  await expect.element(button('Start free trial')).toBeVisible()
  const place = (slot: string) => [...container.querySelectorAll(`[data-slot=${slot}]`)].map((one) => one.getBoundingClientRect())
  return { prices: place('plan-price'), features: place('plan-features') }
}

describe('PricingTable in other layouts', () => {
  afterEach(() => page.viewport(414, 896))

  it('has no room for a button that is not there, in a column', async () => {
    const { prices, features } = await placesAt(320)
    expect(new Set(prices.map(({ left }) => left)).size).toBe(1)
    expect(features[2]!.top - prices[2]!.bottom).toBeLessThan(24)
  })

  it('has features at one height beside each other, also where there is no button', async () => {
    const { prices, features } = await placesAt(1000)
    expect(new Set(prices.map(({ left }) => left)).size).toBe(3)
    expect(new Set(features.map(({ top }) => top)).size).toBe(1)
  })

  it('compares the plans feature by feature', async () => {
    const { container } = await show({ layout: 'matrix', contactUrl: 'mailto:sales@example.com' }, {}, mockSnapshot())
    await expect.element(page.getByRole('row', { name: /^API calls/ })).toHaveTextContent('API calls5 calls a month500 calls a monthUnlimited')
    await expect.element(page.getByRole('link', { name: 'Contact us' })).toHaveAttribute('href', 'mailto:sales@example.com')
    expect([...container.querySelectorAll('thead th[data-plan]')].map((head) => head.getAttribute('data-plan'))).toEqual(['free', 'pro', 'enterprise'])
  })

  it('has the names of its plans at the level of the page', async () => {
    await show({ plans: mockPlans(), level: 2, layout: 'matrix' }, unauthenticated)
    await expect.element(page.getByRole('heading', { name: 'Pro Recommended', level: 2 })).toBeVisible()
  })

  it('is made of parts that stand alone, with attributes of one’s own', async () => {
    const server = createBillingServer({}, mockSnapshot())
    await render(
      <BillingProvider client={server.client} live={false}>
        <PricingTable.Root className="mine" plans={mockPlans()}>
          <PricingTable.Choices />
          <PricingTable.Plans>
            {({ plan }) => (
              <article aria-label={plan.key}>
                <PricingTable.Name render={(given) => createElement('h2', given)} />
                <PricingTable.Price />
                <PricingTable.Action className="mine" onClick={(event) => plan.key === 'pro' && event.preventDefault()} />
              </article>
            )}
          </PricingTable.Plans>
          <p>Questions</p>
        </PricingTable.Root>
      </BillingProvider>,
    )
    await expect.element(page.getByRole('region', { name: 'Plans' })).toHaveClass('mine')
    await expect.element(page.getByText('Questions')).toBeVisible()
    await expect.element(page.getByRole('article', { name: 'pro' }).getByRole('heading', { level: 2 })).toHaveTextContent('Pro Recommended')
    await button('Start free trial').click()
    expect(server.sent).toEqual([])
  })
})
