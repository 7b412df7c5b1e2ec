import { type FareboxOptions, type Identity, allowance, createFarebox, defineCatalog, metered, toggle, usd } from '@farebox/core'
import type { AdminCustomerView, Snapshot } from '@farebox/core/protocol'
import { memoryStore } from '@farebox/core/drivers/memory'
import { manualClock } from '@farebox/core/testing'
import axe from 'axe-core'
import { StrictMode } from 'react'
import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { BillingProvider, createBillingClient } from '../index.ts'
import { BillingMock, mockAdminCustomer } from '../testing/index.ts'
import { AdminCustomerPanel, type AdminCustomerPanelProps } from './index.ts'
import { adminGerman } from './locales/de.ts'
import '../styles.css'
import '../styles/admin.css'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), tokens: metered({ unit: 'token' }), exports: toggle() },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: { name: 'Pro', prices: { month: usd('29') }, features: { apiCalls: allowance(500).per('month'), exports: true } },
  },
})

function identity(subject: string): Identity {
  return { subject, organization: null, email: null, planClaims: null, actor: null, expiresAt: Date.UTC(2100, 0, 1), claims: { sub: subject } }
}

interface Asked {
  readonly route: string
  readonly body: unknown
}

type AdminRule = NonNullable<FareboxOptions<typeof catalog>['admin']>

/** A true server with its store in the page, and what reached it. `null`: nobody said who an admin is. */
async function setUp(admin: AdminRule | null = ({ subject }) => subject === 'bea') {
  const verifier = { verify: (token: string) => identity(token) }
  const clock = manualClock(Date.UTC(2026, 10, 21, 6, 30))
  const farebox = createFarebox({
    catalog, clock, store: memoryStore({ clock }), auth: { verifier, claims: null, webhooks: null }, appUrl: location.origin, ...(admin && { admin }),
  })
  await farebox.ensureCustomer({ customer: 'ann', email: 'ann@example.com', name: 'Ann' })
  await farebox.ensureCustomer({ customer: 'ann-two', email: 'ann@example.com' })
  await farebox.consume({ customer: 'ann', feature: 'apiCalls', amount: 4 })
  const asked: Asked[] = []
  const server = { answer: (request: Request): Promise<Response> => farebox.handle(request) }

  async function ask(path: string, token = 'bea'): Promise<Response> {
    return farebox.handle(new Request(`${location.origin}/api/billing${path}`, { headers: { authorization: `Bearer ${token}` } }))
  }
  const client = createBillingClient({
    getToken: () => 'bea',
    fetch: async (input) => {
      const request = new Request(input)
      const { pathname, search: query } = new URL(request.url)
      asked.push({ route: `${request.method} ${pathname.replace('/api/billing', '')}${query}`, body: request.method === 'GET' ? null : await request.clone().json() })
      return server.answer(request)
    },
  })
  const pageOf = (props: AdminCustomerPanelProps) => (
    <StrictMode>
      <BillingProvider client={client} live={false} labels={{ apiCalls: 'API calls', tokens: 'Tokens' }}>
        <AdminCustomerPanel {...props} />
      </BillingProvider>
    </StrictMode>
  )
  const show = (props: AdminCustomerPanelProps = {}) => render(pageOf(props))
  async function adminView(): Promise<AdminCustomerView> {
    return (await ask('/admin/customer?customer=ann')).json()
  }
  const changes = () => asked.filter(({ route }) => !route.startsWith('GET'))
  return { farebox, clock, server, asked, changes, ask, pageOf, show, adminView }
}

const field = page.getByRole('searchbox', { name: 'Find a customer' })
const dialog = page.getByRole('dialog')
const status = () => document.querySelector('[data-slot="billing-announcer"]')?.textContent

async function alerted(text: string): Promise<void> {
  await expect.poll(() => document.querySelector('[role="alert"]')?.textContent).toContain(text)
}

async function search(text: string): Promise<void> {
  await field.fill(text)
  await userEvent.keyboard('{Enter}')
}

describe('finding a customer', () => {
  it('searches, goes through those found by keyboard, opens one and comes back to it', async () => {
    const { show, asked } = await setUp()
    const visited: (string | undefined)[] = []
    await show({ onCustomerChange: (customer) => visited.push(customer) })
    await search('ann@example.com')
    await expect.element(page.getByRole('list', { name: 'Customers found' })).toBeVisible()
    expect(status()).toBe('2 customers found')
    page.getByRole('button', { name: /^Ann ann@example.com/ }).element().focus()
    await userEvent.keyboard('{ArrowDown}')
    await expect.element(page.getByRole('button', { name: /^ann-two/ })).toHaveFocus()
    await userEvent.keyboard('{ArrowDown}{ArrowUp}')
    const ann = page.getByRole('button', { name: /^Ann ann@example.com/ })
    await expect.element(ann).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('heading', { level: 2, name: 'Ann' })).toHaveFocus()
    await expect.element(page.getByText('Free, as everybody')).toBeVisible()
    await page.getByRole('button', { name: 'Back to the results' }).click()
    await expect.element(ann).toHaveFocus()
    await expect.element(ann).toHaveAttribute('aria-current')
    expect(visited).toEqual(['ann', undefined])
    expect(asked.map(({ route }) => route)).toContain('GET /admin/customers?search=ann%40example.com')
  })

  it('says that there is nobody, and searches for nothing when nothing is given', async () => {
    const { show, asked } = await setUp()
    await show()
    await search('  ')
    await search('nobody')
    await expect.element(page.getByText('Nobody has the id or the e-mail address “nobody”.').first()).toBeVisible()
    expect(asked.filter(({ route }) => route.includes('/admin/')).map(({ route }) => route)).toEqual(['GET /admin/customers?search=nobody'])
  })

  it('goes on to whom the address of the page names, and tells nobody of it', async () => {
    const { show, pageOf } = await setUp()
    const visited: (string | undefined)[] = []
    const props = { onCustomerChange: (customer: string | undefined) => visited.push(customer) }
    const { rerender } = await show({ ...props, defaultCustomer: 'ann' })
    await expect.element(page.getByRole('heading', { level: 2, name: 'Ann' })).toBeVisible()
    await rerender(pageOf({ ...props, defaultCustomer: 'ann-two' }))
    await expect.element(page.getByRole('heading', { level: 2, name: 'ann-two' })).toHaveFocus()
    await rerender(pageOf(props))
    await expect.element(page.getByRole('heading', { level: 2 })).not.toBeInTheDocument()
    expect(visited).toEqual([])
  })

  it('says that too much was asked, whoever says so', async () => {
    const { show, server } = await setUp()
    server.answer = async () => new Response('slow down', { status: 429 })
    await show({ defaultCustomer: 'ann' })
    await alerted('Too many attempts. Try again in a minute.')
    await expect.element(page.getByRole('button', { name: 'Try again' })).toBeVisible()
  })

  it.each<readonly [string, AdminRule | null, string]>([
    ['are closed', null, 'the admin routes are closed'],
    ['do not let the person in', () => false, 'You are not an admin'],
    ['cannot tell', () => { throw new Error('down') }, 'No answer can be given now.'],
  ])('says so where the admin routes %s, and can be asked again', async (_, rule, words) => {
    const { show, asked } = await setUp(rule)
    await show()
    await search('ann')
    await alerted(words)
    const before = asked.length
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.poll(() => asked.length).toBe(before + 1)
    await alerted(words)
  })

  it('says that there is no such customer', async () => {
    const { show } = await setUp()
    await show({ defaultCustomer: 'stranger' })
    await alerted('Nobody has this id')
  })
})

describe('helping a customer', () => {
  it('grants, which the snapshot and the audit of the true server show, and the page at once', async () => {
    const { show, ask, adminView, changes } = await setUp()
    await show({ defaultCustomer: 'ann' })
    const table = page.getByRole('table', { name: 'API calls' })
    await expect.element(table.getByRole('row', { name: 'Allowance of the plan 5 4 1 Dec 21, 2026, 6:30 AM' })).toBeVisible()
    const grant = page.getByRole('button', { name: 'Grant more' })
    await grant.click()
    await expect.element(dialog).toHaveAccessibleName('Grant to Ann')
    await page.getByLabelText('Amount').fill('100')
    await page.getByLabelText('Ends on').fill('2027-01-01')
    await page.getByLabelText('Reason').fill('The outage')
    await dialog.getByRole('button', { name: 'Grant', exact: true }).click()
    await expect.element(dialog).not.toBeInTheDocument()
    await expect.element(grant).toHaveFocus()
    expect(status()).toBe('Granted')
    await expect.element(table.getByRole('row', { name: 'Grant The outage 100 0 100 Jan 1, 2027, 12:00 AM Void The outage' })).toBeVisible()
    await expect.element(page.getByText(/^Granted 100 API calls until Jan 1, 2027/)).toBeVisible()

    const snapshot: Snapshot = await (await ask('/me', 'ann')).json()
    expect(snapshot.usage['apiCalls']).toMatchObject({ used: 4, limit: 105, remaining: 101 })
    const { audit } = await adminView()
    const [{ body }] = changes() as [Asked]
    const { key } = body as { readonly key: string }
    expect(key).toMatch(/^[0-9a-f-]{36}$/)
    expect(audit).toMatchObject([
      { actor: 'bea', action: 'grant', detail: { key, feature: 'apiCalls', amount: 100, expiresAt: '2027-01-01T00:00:00.000Z', reason: 'The outage' } },
    ])
  })

  it('grants once for two clicks, and once when the answer is lost and the form is sent again', async () => {
    const { show, server, farebox, adminView, changes } = await setUp()
    await show({ defaultCustomer: 'ann' })
    await page.getByRole('button', { name: 'Grant more' }).click()
    await page.getByLabelText('Amount').fill('7')
    const held: (() => void)[] = []
    server.answer = async (request) => {
      const response = await farebox.handle(request)
      if (request.method === 'GET') return response
      await new Promise<void>((resolve) => held.push(resolve))
      return held.length > 1 ? response : new Response(null, { status: 502 })
    }
    const send = dialog.getByRole('button').last()
    await userEvent.dblClick(send)
    await expect.poll(() => held.length).toBe(1)
    await userEvent.keyboard('{Enter}')
    expect(changes()).toHaveLength(1)
    held[0]!()
    await alerted('Could not reach the server.')
    await send.click()
    await expect.poll(() => held.length).toBe(2)
    held[1]!()
    await expect.element(dialog).not.toBeInTheDocument()
    const [first, second] = changes()
    expect(second).toEqual(first)
    const { audit, explanation } = await adminView()
    expect(audit).toHaveLength(1)
    expect(explanation['apiCalls']).toHaveLength(2)
  })

  it('tells that it is done to who left meanwhile, and leaves another form alone', async () => {
    const { show, server, farebox } = await setUp()
    await show({ defaultCustomer: 'ann' })
    await page.getByRole('button', { name: 'Grant more' }).click()
    await page.getByLabelText('Amount').fill('7')
    const held: (() => void)[] = []
    server.answer = async (request) => {
      const response = await farebox.handle(request)
      if (request.method !== 'GET') await new Promise<void>((resolve) => held.push(resolve))
      return response
    }
    await userEvent.keyboard('{Enter}{Escape}')
    await expect.element(dialog).not.toBeInTheDocument()
    await page.getByRole('button', { name: 'Give a plan' }).click()
    held[0]!()
    await expect.poll(status).toBe('Granted')
    await expect.element(dialog).toHaveAccessibleName('Give Ann a plan for free')
  })

  it('shows what the server refuses at its field, keeps what was typed, and takes it when it is put right', async () => {
    const { show, adminView } = await setUp()
    await show({ defaultCustomer: 'ann' })
    await page.getByRole('button', { name: 'Grant more' }).click()
    await page.getByLabelText('Amount').fill('7')
    const ends = page.getByLabelText('Ends on')
    await ends.fill('2020-01-01')
    const send = dialog.getByRole('button', { name: 'Grant', exact: true })
    await send.click()
    await expect.element(ends).toHaveFocus()
    await expect.element(ends).toHaveAttribute('aria-invalid', 'true')
    await expect.element(ends).toHaveAccessibleDescription(expect.stringContaining('Give an instant after the beginning and after now'))
    await expect.element(page.getByLabelText('Amount')).toHaveValue(7)
    expect((await adminView()).audit).toEqual([])
    await ends.fill('2027-01-01')
    await send.click()
    await expect.element(dialog).not.toBeInTheDocument()
    expect((await adminView()).audit).toHaveLength(1)
  })

  it('says when a key stands for something else', async () => {
    const { show, farebox, adminView } = await setUp()
    await farebox.grant({ customer: 'ann', feature: 'apiCalls', amount: 10, key: 'outage' })
    await show({ defaultCustomer: 'ann' })
    await page.getByRole('button', { name: 'Grant more' }).click()
    await page.getByLabelText('Amount').fill('7')
    await page.getByLabelText('Key').fill('outage')
    await dialog.getByRole('button', { name: 'Grant', exact: true }).click()
    await alerted('The key stands for something else.')
    await expect.element(page.getByLabelText('Key')).toHaveFocus()
    expect((await adminView()).audit).toHaveLength(1)
  })

  it('voids a grant when it is confirmed, not when it is left, and keeps the focus on the page', async () => {
    const { show, farebox, adminView, changes } = await setUp()
    await farebox.grant({ customer: 'ann', feature: 'apiCalls', amount: 10, key: 'welcome' })
    await show({ defaultCustomer: 'ann' })
    const open = page.getByRole('button', { name: 'Void welcome' })
    await open.click()
    await expect.element(dialog).toHaveAccessibleName('Void “welcome”?')
    await userEvent.keyboard('{Escape}')
    await expect.element(dialog).not.toBeInTheDocument()
    await expect.element(open).toHaveFocus()
    expect(changes()).toEqual([])
    await open.click()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect.element(open).toHaveFocus()
    await open.click()
    await dialog.getByRole('button', { name: 'Void the grant' }).click()
    await expect.element(open).not.toBeInTheDocument()
    await expect.element(page.getByRole('heading', { name: 'Ann' })).toHaveFocus()
    expect(status()).toBe('The grant was voided')
    expect(changes()).toEqual([{ route: 'DELETE /admin/grants', body: { customer: 'ann', key: 'welcome' } }])
    const { audit, snapshot } = await adminView()
    expect(audit.map(({ action }) => action)).toEqual(['void-grant', 'grant'])
    expect(snapshot.usage['apiCalls']?.limit).toBe(5)
  })

  it('gives a plan for free and ends it', async () => {
    const { show, adminView } = await setUp()
    await show({ defaultCustomer: 'ann' })
    await page.getByRole('button', { name: 'Give a plan' }).click()
    await page.getByLabelText('Plan').selectOptions('Pro')
    await page.getByLabelText('Reason').fill('Beta tester')
    await dialog.getByRole('button', { name: 'Give the plan' }).click()
    await expect.element(page.getByText('Pro, given for free')).toBeVisible()
    expect((await adminView()).snapshot).toMatchObject({ plan: 'pro', planSource: 'override' })
    await page.getByRole('button', { name: 'End Pro' }).click()
    await dialog.getByRole('button', { name: 'End the plan' }).click()
    await expect.element(page.getByText('Free, as everybody')).toBeVisible()
    await expect.element(page.getByText(/^Pro, ended Nov 21, 2026/)).toBeVisible()
    const { snapshot, audit } = await adminView()
    expect(snapshot.plan).toBe('free')
    expect(audit.map(({ action, actor }) => [action, actor])).toEqual([['end-override', 'bea'], ['override', 'bea']])
  })

  it('says that nothing was given where a key has ended, and gives it under another one', async () => {
    const { show, farebox, adminView } = await setUp()
    await farebox.grant({ customer: 'ann', feature: 'apiCalls', amount: 7, key: 'outage' })
    await farebox.voidGrant({ customer: 'ann', key: 'outage' })
    await show({ defaultCustomer: 'ann' })
    await page.getByRole('button', { name: 'Grant more' }).click()
    await page.getByLabelText('Amount').fill('7')
    await page.getByLabelText('Key').fill('outage')
    const send = dialog.getByRole('button', { name: 'Grant', exact: true })
    await send.click()
    await alerted('Nothing was given: what this key stood for has ended.')
    expect(status()).not.toBe('Granted')
    expect((await adminView()).snapshot.usage['apiCalls']?.limit).toBe(5)
    await page.getByLabelText('Key').fill('outage-again')
    await send.click()
    await expect.element(dialog).not.toBeInTheDocument()
    expect(status()).toBe('Granted')
    expect((await adminView()).snapshot.usage['apiCalls']?.limit).toBe(12)
  })

  it('says so of a grant whose time is over', async () => {
    const { show, farebox, clock } = await setUp()
    await farebox.grant({ customer: 'ann', feature: 'apiCalls', amount: 7, key: 'november', expiresAt: clock.now() + 60_000 })
    clock.set(clock.now() + 120_000)
    await show({ defaultCustomer: 'ann' })
    await page.getByRole('button', { name: 'Grant more' }).click()
    await page.getByLabelText('Amount').fill('7')
    await page.getByLabelText('Key').fill('november')
    await dialog.getByRole('button', { name: 'Grant', exact: true }).click()
    await alerted('Nothing was given')
  })

  it('gives a plan again under a key whose plan was ended, for the server takes it anew', async () => {
    const { show, farebox, adminView } = await setUp()
    await farebox.override({ customer: 'ann', plan: 'pro', key: 'beta', until: null })
    await farebox.endOverride({ customer: 'ann', key: 'beta' })
    await show({ defaultCustomer: 'ann' })
    await page.getByRole('button', { name: 'Give a plan' }).click()
    await page.getByLabelText('Plan').selectOptions('Pro')
    await page.getByLabelText('Key').fill('beta')
    await dialog.getByRole('button', { name: 'Give the plan' }).click()
    await expect.element(dialog).not.toBeInTheDocument()
    expect((await adminView()).snapshot.plan).toBe('pro')
  })

  it('says until when a plan that is not paid gives access, and that older changes are not shown', async () => {
    const { show, server, adminView } = await setUp()
    const view = await adminView()
    const notices: Snapshot['notices'] = [{ kind: 'payment-past-due', at: '2026-12-03T00:00:00.000Z' }]
    server.answer = async () => Response.json({ ...view, snapshot: { ...view.snapshot, planName: 'Pro', planSource: 'subscription', status: 'past_due', notices } })
    await show({ defaultCustomer: 'ann' })
    await expect.element(page.getByText('Pro, subscribed, until Dec 3, 2026')).toBeVisible()
    await expect.element(page.getByRole('heading', { name: 'Last 100 changes' })).toBeVisible()
  })

  it('says what a customer has of what is not counted, and why', async () => {
    const { show, farebox } = await setUp()
    await farebox.override({ customer: 'ann', plan: 'pro', key: 'beta', until: null })
    await show({ defaultCustomer: 'ann' })
    await expect.element(page.getByRole('heading', { name: 'Other features' })).toBeVisible()
    expect([...document.querySelectorAll('[data-slot="admin-facts"]')].at(-1)?.textContent).toBe('exportsincluded, given for free')
  })

  it('speaks another language, also of what the server refuses', async () => {
    const { show } = await setUp()
    await show({ defaultCustomer: 'ann', messages: adminGerman })
    await page.getByRole('button', { name: 'Guthaben gewähren' }).click()
    await page.getByLabelText('Menge').fill('7')
    await page.getByLabelText('Endet am').fill('2020-01-01')
    await dialog.getByRole('button', { name: 'Gewähren', exact: true }).click()
    await expect.element(page.getByLabelText('Endet am')).toHaveAccessibleDescription(expect.stringContaining('Wählen Sie einen Tag in der Zukunft.'))
    await alerted('Die Angaben sind nicht gültig.')
  })

  it.each(['light', 'dark'])('has no accessibility fault in its forms, in %s', async (scheme) => {
    document.documentElement.style.colorScheme = scheme
    const { show, farebox } = await setUp()
    await farebox.grant({ customer: 'ann', feature: 'apiCalls', amount: 10, key: 'welcome' })
    const { container } = await show({ defaultCustomer: 'ann' })
    const faults = async () => (await axe.run(container, { rules: { region: { enabled: false } } })).violations.map(({ id }) => id)
    for (const name of ['Grant more', 'Give a plan', 'Void welcome']) {
      await page.getByRole('button', { name }).click()
      await expect.element(dialog).toBeVisible()
      if (name === 'Grant more') {
        await page.getByLabelText('Amount').fill('7')
        await page.getByLabelText('Ends on').fill('2020-01-01')
        await userEvent.keyboard('{Enter}')
        await alerted('The request is not valid')
      }
      expect(await faults()).toEqual([])
      await userEvent.keyboard('{Escape}')
      await expect.element(dialog).not.toBeInTheDocument()
    }
    document.documentElement.removeAttribute('style')
  })

  it('takes words of the app\'s own', async () => {
    const { show } = await setUp()
    await show({ defaultCustomer: 'ann', messages: { grantAction: 'Say sorry' } })
    await expect.element(page.getByRole('button', { name: 'Say sorry' })).toBeVisible()
  })
})

it.each([[undefined, 2], [1, 1], [4, 4]] as const)('has its headings at the level of the page: %s', async (level, own) => {
  await render(
    <BillingMock answers={{ 'GET /admin/customer': mockAdminCustomer() }} labels={{ apiCalls: 'API calls' }}>
      <AdminCustomerPanel defaultCustomer="ann" {...(level && { level })} />
    </BillingMock>,
  )
  await expect.element(page.getByRole('heading', { name: 'API calls', level: own + 2 })).toBeVisible()
  await expect.element(page.getByRole('heading', { name: 'Ann', level: own })).toBeVisible()
  const below = [...document.querySelectorAll('[data-slot=admin-section] > [data-title]')].map(({ localName }) => localName)
  expect(new Set(below)).toEqual(new Set([`h${own + 1}`]))
})
