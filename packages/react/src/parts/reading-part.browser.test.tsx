import { expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { createBillingServer } from '../../test/billing-server.ts'
import { AdminCustomerPanel } from '../admin/index.ts'
import { BillingProvider, ErrorState, InvoiceList, PlanChangePreview, UsageBar } from '../index.ts'
import { mockAdminCustomer } from '../testing/mock-admin.ts'
import { type MockAnswers, mockAnswers, mockPlans } from '../testing/mock-answers.ts'
import { mockSnapshot } from '../testing/mock-snapshot.ts'

const retry = page.getByRole('button', { name: 'Try again' })

it.each([
  ['where it stood', 'GET /me', () => <UsageBar feature="apiCalls" />, 'main'],
  ['in the component around it', 'GET /invoices', () => <InvoiceList />, '[data-slot=invoice-list]'],
  ['with the customer', 'GET /admin/customer', () => <AdminCustomerPanel defaultCustomer="ann" />, '[data-slot=admin-customer]'],
])('leaves the focus %s when what had failed is there', async (_, route, ui, place) => {
  const answers: MockAnswers = { ...mockAnswers(), 'GET /me': mockSnapshot(), 'GET /admin/customer': mockAdminCustomer() }
  let isDown = true
  const { client } = createBillingServer({ [route]: () => (isDown ? new Response(null, { status: 503 }) : Object(answers[route])) })
  if (route !== 'GET /me') client.accept(mockSnapshot())
  const { container } = await render(<main><BillingProvider client={client} live={false}>{ui()}</BillingProvider></main>)
  retry.element().focus()
  await userEvent.keyboard('{Enter}')
  await expect.element(retry).toHaveFocus()
  isDown = false
  await userEvent.keyboard('{Enter}')
  await expect.element(retry).not.toBeInTheDocument()
  expect(document.activeElement).toBe(container.querySelector(place))
})

it.each([
  ['a text', 'GET /me', () => <UsageBar feature="apiCalls" />],
  ['a list', 'GET /invoices', () => <InvoiceList />],
  ['a preview', 'POST /change', () => <PlanChangePreview plan="pro" interval="year" />],
  ['what an admin looks for', 'GET /admin/customer', () => <AdminCustomerPanel defaultCustomer="ann" />],
])('asks once more at a time, and is busy while it does: %s', async (_, route, ui) => {
  const answers: ((answer: Response) => void)[] = []
  const { client } = createBillingServer({ [route]: () => new Promise((resolve) => answers.push(resolve)), 'GET /plans': () => mockPlans() }, route === 'GET /me' ? undefined : mockSnapshot())
  const fail = () => answers.at(-1)?.(new Response(null, { status: 503 }))
  await render(<BillingProvider client={client} live={false}>{ui()}</BillingProvider>)
  await expect.poll(() => answers.length).toBe(1)
  fail()
  await expect.element(retry).not.toHaveAttribute('aria-busy')
  await retry.click()
  await expect.element(retry).toHaveAttribute('aria-busy', 'true')
  const { width, height } = retry.element().getBoundingClientRect()
  await retry.click()
  expect(answers).toHaveLength(2)
  fail()
  await expect.element(retry).not.toHaveAttribute('aria-busy')
  expect(retry.element().getBoundingClientRect()).toMatchObject({ width, height })
  await retry.click()
  await expect.poll(() => answers.length).toBe(3)
  fail()
})

it('leaves the focus alone that is elsewhere', async () => {
  const of = { status: 'error', error: { status: 503 }, refetch: () => undefined } as const
  const { client } = createBillingServer({}, mockSnapshot())
  const form = (isFailed: boolean) => (
    <BillingProvider client={client}><input aria-label="Name" />{isFailed && <ErrorState of={of} />}</BillingProvider>
  )
  const { rerender } = await render(form(true))
  page.getByLabelText('Name').element().focus()
  await rerender(form(false))
  await expect.element(retry).not.toBeInTheDocument()
  await expect.element(page.getByLabelText('Name')).toHaveFocus()
})
