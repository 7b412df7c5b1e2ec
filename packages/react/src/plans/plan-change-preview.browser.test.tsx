import type { Problem } from '@farebox/core/protocol'
import { expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { type Answers, createBillingServer } from '../../test/billing-server.ts'
import { BillingProvider, PlanChangePreview } from '../index.ts'
import { german } from '../locales/de.ts'
import { mockAnswers, mockPlans } from '../testing/mock-answers.ts'
import { mockPaidSnapshot, mockUsage } from '../testing/mock-snapshot.ts'

const preview = Object(mockAnswers()['POST /change'])
const later = { ...preview, when: 'period-end', at: '2026-12-21T06:30:00.000Z', prorationDate: null, now: null }
const apiCalls = { kind: 'metered', limit: 100, unit: 'call', interval: 'month', overage: null } as const
/** A catalog in which the plan gives a little less than what there is. */
const smaller = { plans: mockPlans().plans.map((plan) => (plan.key === 'pro' ? { ...plan, features: { apiCalls } } : plan)) }
const paid = mockPaidSnapshot({
  usage: { apiCalls: mockUsage(320, 500) },
  entitlements: {
    apiCalls: { terms: { ...apiCalls, limit: 500 }, source: 'subscription', onError: 'deny' },
    exports: { terms: { kind: 'toggle', on: true }, source: 'subscription', onError: 'deny' },
  },
})

async function show(plan: 'free' | 'pro', answers: Answers, more: object = {}, level?: 2) {
  const server = createBillingServer(answers, paid)
  const done: unknown[] = []
  const { container } = await render(
    <BillingProvider client={server.client} live={false} labels={{ apiCalls: 'API calls' }} {...more}>
      <PlanChangePreview plan={plan} level={level} onDone={(change) => done.push(change)} />
    </BillingProvider>,
  )
  return { ...server, container, done }
}

function refusal(name: string, status: number, more: Partial<Problem> = {}): Response {
  return Response.json({ type: `/problems/${name}`, title: 'As the server says it', status, ...more }, { status })
}

function losses(container: Element): readonly (string | null)[] {
  return [...container.querySelectorAll('[data-slot="plan-losses"] dl > div')].map(({ textContent }) => textContent)
}

it.each([
  [undefined, 3, 4], [2, 2, 3],
] as const)('has its headings at the level of the page: %s', async (level, title, losing) => {
  await show('pro', { 'POST /change': () => later, 'GET /plans': () => smaller }, {}, level)
  await expect.element(page.getByRole('heading', { name: 'What becomes less', level: losing })).toBeVisible()
  await expect.element(page.getByRole('heading', { name: 'Change to Pro', level: title })).toBeVisible()
})

it('lists what becomes less with a downgrade, and what is used beyond it', async () => {
  const { container } = await show('pro', { 'POST /change': () => later, 'GET /plans': () => smaller })
  await expect.element(page.getByText('Takes effect Dec 21, 2026. Nothing is due before.')).toBeVisible()
  await expect.element(page.getByRole('heading', { name: 'What becomes less' })).toBeVisible()
  expect(losses(container)).toEqual([
    'API calls500 calls a month becomes 100 calls a monthYou use 320 now: what goes beyond is refused.',
    'exportsIncluded becomes Not included',
  ])
})

it('lists it before an end as well, and in the language of the page', async () => {
  const { container } = await show('free', { 'POST /change': () => ({ kind: 'end', at: '2026-12-21T06:30:00.000Z' }) }, { locale: 'de-DE', messages: german })
  await expect.element(page.getByRole('heading', { name: 'Das wird weniger' })).toBeVisible()
  expect(losses(container)[0]).toBe('API calls500 call pro Monat wird zu 5 call pro MonatSie nutzen derzeit 320. Was darüber hinausgeht, wird abgelehnt.')
})

it('lists nothing for an upgrade, and nothing where there is nothing to change', async () => {
  const upgrade = await show('pro', { 'POST /change': () => preview })
  await expect.element(page.getByRole('button', { name: 'Confirm and pay $261.00' })).toBeVisible()
  await expect.element(page.getByText('What becomes less')).not.toBeInTheDocument()
  expect(losses(upgrade.container)).toEqual([])
  const same = await show('free', { 'POST /change': () => ({ kind: 'unchanged' }) })
  await expect.element(page.getByText('This is what you have already.')).toBeVisible()
  expect(getComputedStyle(same.container.querySelector('[data-slot="plan-change-losses"]') ?? document.body).display).toBe('none')
})

it('says that it could not be read what becomes less, and reads it again; the change can be made all the same', async () => {
  let isDown = true
  const { container } = await show('pro', { 'POST /change': () => later, 'GET /plans': () => (isDown ? new Response(null, { status: 503 }) : smaller) })
  await expect.element(page.getByRole('alert')).toHaveTextContent('Could not load. Try again')
  await expect.element(page.getByRole('button', { name: 'Confirm' })).toHaveAttribute('aria-disabled', 'false')
  isDown = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect.element(page.getByRole('heading', { name: 'What becomes less' })).toBeVisible()
  expect(losses(container)).toHaveLength(2)
})

it('sends the moment of the preview along; one that is too old is previewed again, and has to be confirmed again', async () => {
  const renewed = { ...preview, prorationDate: '2026-11-21T07:00:00.000Z', now: { ...preview.now, due: 26000 } }
  const faults = [{ path: 'prorationDate', message: 'Preview the change again' }]
  let previews = 0
  const { sent, done } = await show('pro', {
    'POST /change': (body) => {
      if (body['preview']) return (previews += 1) === 1 ? preview : renewed
      return body['prorationDate'] === preview.prorationDate ? refusal('invalid-request', 400, { faults }) : { kind: 'changed', plan: 'pro', entitlementVersion: 3 }
    },
    'GET /me': () => ({ ...paid, entitlementVersion: 3 }),
  })
  await page.getByRole('button', { name: 'Confirm and pay $261.00' }).click()
  await expect.element(page.getByText('Look at the new amounts, then confirm.')).toBeVisible()
  await page.getByRole('button', { name: 'Confirm and pay $260.00' }).click()
  await expect.element(page.getByText('You are on Pro now.')).toBeVisible()
  expect(done).toEqual([{ kind: 'changed', plan: 'pro', entitlementVersion: 3 }])
  expect(sent.filter(([, body]) => !('preview' in Object(body)))).toEqual([
    ['POST /change', { plan: 'pro', prorationDate: preview.prorationDate }], ['POST /change', { plan: 'pro', prorationDate: renewed.prorationDate }],
  ])
})

it.each([
  ['payments-failed', 502, 'Der Zahlungsdienst hat das abgelehnt.'],
  ['already-subscribed', 409, 'Das Abonnement lässt sich so gerade nicht ändern.'],
  ['of-tomorrow', 418, 'As the server says it.'],
])('says why a change was refused in the language of the page: %s', async (name, status, text) => {
  await show('pro', { 'POST /change': (body) => (body['preview'] ? preview : refusal(name, status)) }, { locale: 'de-DE', messages: german })
  await page.getByRole('button', { name: /^Bestätigen/ }).click()
  await expect.element(page.getByText(text)).toBeVisible()
})

it('says why it could not be previewed in the language of the page', async () => {
  await show('pro', { 'POST /change': () => refusal('rate-limited', 429) }, { locale: 'de-DE', messages: german })
  await expect.element(page.getByRole('alert')).toHaveTextContent('Zu viele Versuche. Bitte versuchen Sie es in einer Minute erneut. Erneut versuchen')
})

it('forgets what became of one change when another is looked at', async () => {
  const { client, sent } = createBillingServer({
    'POST /change': (body) => (body['preview'] ? preview : { kind: 'changed', plan: body['plan'], entitlementVersion: 3 }),
    'GET /me': () => ({ ...paid, entitlementVersion: 3 }),
  }, paid)
  const look = (plan: 'free' | 'pro') => <BillingProvider client={client} live={false}><PlanChangePreview plan={plan} /></BillingProvider>
  const { rerender } = await render(look('pro'))
  await page.getByRole('button', { name: 'Confirm and pay $261.00' }).click()
  await expect.element(page.getByText('You are on Pro now.')).toBeVisible()
  await rerender(look('free'))
  await expect.element(page.getByRole('heading', { name: 'Change to Free' })).toBeVisible()
  expect(page.getByText('You are on Free now.').elements()).toEqual([])
  await page.getByRole('button', { name: 'Confirm and pay $261.00' }).click()
  await expect.element(page.getByText('You are on Free now.')).toBeVisible()
  expect(sent.at(-1)).toEqual(['POST /change', { plan: 'free', prorationDate: preview.prorationDate }])
})

it('says that the amounts were worked out anew when they were, and not where they could not be', async () => {
  const faults = [{ path: 'prorationDate', message: 'Preview the change again' }]
  let previews = 0
  const { sent } = await show('pro', {
    'POST /change': (body) => {
      if (!body['preview']) return refusal('invalid-request', 400, { faults })
      return (previews += 1) === 1 ? preview : refusal('payments-failed', 502)
    },
  })
  await page.getByRole('button', { name: 'Confirm and pay $261.00' }).click()
  await expect.poll(() => sent).toHaveLength(3)
  await expect.element(page.getByText('The payment service did not accept this.')).toBeVisible()
  expect(page.getByText('Look at the new amounts, then confirm.').elements()).toEqual([])
})

it('is previewed anew when the subscription is another, and waits for it: nobody confirms amounts that are no longer so', async () => {
  const held: ((preview: object) => void)[] = []
  const { client, sent } = await show('pro', { 'POST /change': () => new Promise((resolve) => held.push(resolve)) })
  held[0]?.(preview)
  const confirm = page.getByRole('button', { name: /^Confirm/ })
  await expect.element(confirm).toHaveTextContent('Confirm and pay $261.00')
  confirm.element().focus()
  // Neither usage changes a price, nor that the payment service was read again.
  client.accept({ ...paid, entitlementVersion: 3, asOf: '2026-11-21T07:00:00.000Z', usage: {} })
  client.accept({ ...paid, entitlementVersion: 4, subscription: paid.subscription && { ...paid.subscription, quantity: 2 } })
  await expect.poll(() => held.length).toBe(2)
  await expect.element(confirm).toHaveAttribute('aria-disabled', 'true')
  await userEvent.keyboard('{Enter}')
  held[1]?.({ ...preview, now: { ...preview.now, due: 50000 } })
  await expect.element(confirm).toHaveTextContent('Confirm and pay $500.00')
  await expect.element(confirm).toHaveFocus()
  await expect.element(page.getByRole('status').filter({ hasText: 'Look at the new amounts, then confirm.' })).toBeVisible()
  expect(sent).toEqual([['POST /change', { plan: 'pro', preview: true }], ['POST /change', { plan: 'pro', preview: true }]])
})

it('is not previewed anew by its own change, nor when it is first known who asks', async () => {
  let version = 2
  const { client, sent } = createBillingServer({
    'POST /change': (body) => (body['preview'] ? preview : { kind: 'changed', plan: 'pro', entitlementVersion: (version += 1) }),
    'GET /me': () => ({ ...paid, entitlementVersion: version, subscription: paid.subscription && { ...paid.subscription, quantity: version } }),
  })
  await render(<BillingProvider client={client} live={false}><PlanChangePreview plan="pro" /></BillingProvider>)
  await expect.poll(() => client.getSnapshot().data?.entitlementVersion).toBe(2)
  await page.getByRole('button', { name: 'Confirm and pay $261.00' }).click()
  await expect.element(page.getByText('You are on Pro now.')).toBeVisible()
  expect(client.getSnapshot().data?.entitlementVersion).toBe(3)
  expect(sent.map(([, body]) => Object(body).preview)).toEqual([true, undefined])
})
