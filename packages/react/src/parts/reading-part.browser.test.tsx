import { expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { createBillingServer } from '../../test/billing-server.ts'
import { BillingProvider, ErrorState, InvoiceList, UsageBar } from '../index.ts'
import { type MockAnswers, mockAnswers } from '../testing/mock-answers.ts'
import { mockSnapshot } from '../testing/mock-snapshot.ts'

const retry = page.getByRole('button', { name: 'Try again' })

it.each([
  ['where it stood', 'GET /me', () => <UsageBar feature="apiCalls" />, 'main'],
  ['in the component around it', 'GET /invoices', () => <InvoiceList />, '[data-slot=invoice-list]'],
])('leaves the focus %s when what had failed is there', async (_, route, ui, place) => {
  const answers: MockAnswers = { ...mockAnswers(), 'GET /me': mockSnapshot() }
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
