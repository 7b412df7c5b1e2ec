import type { InvoiceView, InvoicesView, Snapshot } from '@farebox/core/protocol'
import type { ReactElement } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { createBillingClient } from '@farebox/core/client'
import { BillingMock, type BillingMockProps, mockAnswers, mockPaidSnapshot } from '../testing/index.ts'
import { BillingProvider, InvoiceList, PaymentMethodList, SeatList, UpcomingBill } from '../index.ts'
import '../styles.css'

function show(ui: ReactElement, props: BillingMockProps = {}) {
  return render(<BillingMock snapshot={mockPaidSnapshot()} {...props}>{ui}</BillingMock>)
}

const first = mockAnswers()['GET /invoices'] as InvoicesView

function pageOf(from: number, next: string | null): InvoicesView {
  const [open] = first.invoices as readonly [InvoiceView]
  return { next, invoices: [0, 1].map((index) => ({ ...open, id: `in_${from + index}`, number: `F-${from + index}`, status: 'paid', due: 0 })) }
}

/** A server that remembers what it was asked. */
function recording(snapshot: Snapshot, answers: Readonly<Record<string, unknown>> = {}) {
  const asked: string[] = []
  const fetch = async (input: RequestInfo | URL): Promise<Response> => {
    const { pathname, search } = new URL(new Request(input).url)
    const path = pathname.replace('/api/billing', '') + search
    asked.push(path)
    return path in answers ? Response.json(answers[path]) : new Response(null, { status: 404 })
  }
  return { asked, client: createBillingClient({ fetch, initialSnapshot: snapshot }) }
}

async function refuse(): Promise<Response> {
  return Response.json({ type: '/problems/forbidden', title: 'The role does not allow this', status: 403 }, { status: 403 })
}

const everything = <><InvoiceList /><PaymentMethodList /><UpcomingBill /><SeatList /></>

describe('what is about money', () => {
  it('shows what an app makes of it in place of its own content, below its title and above its buttons', async () => {
    const made = (
      <>
        <InvoiceList>{(invoices) => <p>{invoices.map(({ number }) => number).join()}</p>}</InvoiceList>
        <PaymentMethodList>{({ paymentMethods: [method] }) => <p>{method?.last4}</p>}</PaymentMethodList>
        <UpcomingBill>{({ upcoming }) => <p>{upcoming?.invoice.due}</p>}</UpcomingBill>
        <SeatList>{({ seats }) => <p>{seats['members']?.members.map(({ member }) => member).join()}</p>}</SeatList>
      </>
    )
    const { container } = await show(made, { answers: { 'GET /invoices': pageOf(9, 'in_10'), 'GET /invoices?after=in_10': pageOf(6, null) } })
    const texts = () => [...container.querySelectorAll('[data-surface]')].map(({ textContent }) => textContent)
    await expect.poll(texts).toEqual(['InvoicesF-9,F-10Show more', 'Payment method4242Update payment method', 'Next bill2900', 'Seatsann,bob'])
    await userEvent.click(page.getByRole('button', { name: 'Show more' }))
    await expect.poll(() => texts()[0]).toBe('InvoicesF-9,F-10,F-6,F-7')
    await expect.element(page.getByRole('group', { name: 'Invoices' })).toHaveFocus()
  })

  it('says in words of its own what is loading, has failed or is empty, whatever an app makes of the rest', async () => {
    const made = <UpcomingBill>{() => 'never'}</UpcomingBill>
    const { container } = await show(<>{made}</>, { answers: { 'GET /upcoming': { upcoming: null } } })
    await expect.element(page.getByText('No bill is coming.')).toBeVisible()
    await show(made, { server: 'loading' })
    await show(made, { server: 'failing' })
    await expect.element(page.getByRole('alert')).toBeVisible()
    expect(container.ownerDocument.body.textContent).not.toContain('never')
  })

  it.each(['/problems', 'https://docs.example.com/problems'])('says in an app without payments that billing is not set up, and offers no other try: %s', async (base) => {
    const problem = { type: `${base}/not-found`, title: 'There is nothing here', status: 404 }
    const missing = { 'GET /invoices': problem, 'GET /upcoming': problem, 'GET /payment-methods': problem }
    const { container } = await show(everything, { answers: missing })
    await expect.element(page.getByText('Billing is not set up.').nth(2)).toBeVisible()
    expect(container.textContent).not.toContain('There is nothing here')
    expect(page.getByRole('button').elements()).toEqual([])
    expect(page.getByRole('alert').elements()).toEqual([])
  })

  it('is not even asked for by who may not manage the billing, who is told so in words', async () => {
    const { asked, client } = recording(mockPaidSnapshot({ canManageBilling: false }))
    const { container } = await render(<BillingProvider client={client} live={false}>{everything}</BillingProvider>)
    const slots = ['invoice-list', 'payment-method-list', 'upcoming-bill', 'seat-list']
    for (const slot of slots) {
      await expect.poll(() => container.querySelector(`[data-slot=${slot}]`)?.textContent).toContain('Only people who manage billing can see this.')
    }
    expect(container.querySelector('button, [role=alert]')).toBeNull()
    expect(asked).toEqual([])
  })

  it('says the same to who is refused by the server', async () => {
    const client = createBillingClient({ fetch: refuse, initialSnapshot: mockPaidSnapshot() })
    await render(<BillingProvider client={client} live={false}><InvoiceList /></BillingProvider>)
    await expect.element(page.getByText('Only people who manage billing can see this.')).toBeVisible()
    await expect.element(page.getByRole('alert')).not.toBeInTheDocument()
  })

  it('fails one by one, and can be tried again', async () => {
    const answers: Record<string, unknown> = { '/upcoming': { upcoming: null } }
    const { client } = recording(mockPaidSnapshot(), answers)
    await render(<BillingProvider client={client} live={false}><UpcomingBill /><InvoiceList /></BillingProvider>)
    await expect.element(page.getByText('No bill is coming.')).toBeVisible()
    await expect.element(page.getByRole('alert')).toHaveTextContent('Could not load. Try again')
    answers['/invoices'] = { invoices: [], next: null }
    await userEvent.click(page.getByRole('button', { name: 'Try again' }))
    await expect.element(page.getByText('No invoices yet.')).toBeVisible()
  })
})

describe('InvoiceList', () => {
  it('is a table with words for each status, and links that name their invoice', async () => {
    await show(<InvoiceList />)
    await expect.element(page.getByRole('row', { name: /F-0003 Nov 21, 2026 Open \$29\.00/ })).toBeVisible()
    await expect.element(page.getByRole('cell', { name: 'Paid' }).first()).toBeVisible()
    await expect.element(page.getByRole('link', { name: 'Invoice F-0003', exact: true })).toHaveAttribute('href', 'https://pay.example.com/0003')
    await expect.element(page.getByRole('link', { name: 'Pay invoice F-0003' })).toHaveAttribute('href', 'https://pay.example.com/0003')
    await expect.element(page.getByRole('link', { name: 'PDF of invoice F-0001' })).toHaveAttribute('href', 'https://pay.example.com/0001.pdf')
    await expect.element(page.getByRole('link', { name: 'Pay invoice F-0001' })).not.toBeInTheDocument()
  })

  it('stays a table to who listens where there is little room', async () => {
    await page.viewport(320, 640)
    await show(<InvoiceList />)
    await expect.element(page.getByRole('table')).toBeVisible()
    await expect.element(page.getByRole('rowheader', { name: /F-0003/ })).toBeVisible()
    await expect.element(page.getByRole('columnheader', { name: 'Status' })).toBeInTheDocument()
    await page.viewport(800, 600)
  })

  it('says what is still due of one that is paid in part', async () => {
    const [open] = first.invoices as readonly [InvoiceView]
    await show(<InvoiceList />, { answers: { 'GET /invoices': { invoices: [{ ...open, total: 5000, due: 1200 }], next: null } } })
    await expect.element(page.getByText('$12.00 due')).toBeVisible()
  })

  it('reads page after page, keeps the focus, and says how many came', async () => {
    const answers = {
      'GET /invoices': pageOf(9, 'in_10'),
      'GET /invoices?after=in_10': pageOf(7, 'in_8'),
      'GET /invoices?after=in_8': { ...pageOf(5, null), invoices: pageOf(5, null).invoices.slice(1) },
    }
    await show(<InvoiceList />, { answers })
    const more = page.getByRole('button', { name: 'Show more' })
    await userEvent.click(more)
    await expect.element(page.getByText('F-7')).toBeVisible()
    await expect.element(more).toHaveFocus()
    expect(document.querySelector('[data-slot=billing-announcer]')?.textContent).toBe('2 more invoices')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText('F-6')).toBeVisible()
    await expect.element(page.getByRole('group', { name: 'Invoices' })).toHaveFocus()
    await expect.element(more).not.toBeInTheDocument()
    expect(page.getByRole('rowheader').elements().map(({ textContent }) => textContent?.slice(0, 4))).toEqual(['F-9N', 'F-10', 'F-7N', 'F-8N', 'F-6N'])
    expect(document.querySelector('[data-slot=billing-announcer]')?.textContent).toBe('1 more invoice')
  })

  it('keeps what is there when more cannot be read, and says so', async () => {
    await show(<InvoiceList />, { answers: { 'GET /invoices': pageOf(9, 'in_10'), 'GET /invoices?after=in_10': {} } })
    await userEvent.click(page.getByRole('button', { name: 'Show more' }))
    await expect.element(page.getByText('That did not work. Try again.')).toBeVisible()
    await expect.element(page.getByText('F-9')).toBeVisible()
  })

  it('is never caught in pages that lead to each other', async () => {
    await show(<InvoiceList />, { answers: { 'GET /invoices': pageOf(9, 'in_10'), 'GET /invoices?after=in_10': pageOf(7, 'in_10') } })
    await userEvent.click(page.getByRole('button', { name: 'Show more' }))
    await expect.element(page.getByText('F-7')).toBeVisible()
    expect(page.getByRole('rowheader').elements()).toHaveLength(4)
  })
})

describe('PaymentMethodList', () => {
  it('names each in words, the default, and what has expired', async () => {
    const paymentMethods = [
      { id: 'a', kind: 'card', brand: 'visa', last4: '4242', expires: { month: 11, year: 2026 }, isDefault: true },
      { id: 'b', kind: 'card', brand: 'amex', last4: '0005', expires: { month: 10, year: 2026 }, isDefault: false },
      { id: 'c', kind: 'revolut_pay', brand: null, last4: null, expires: null, isDefault: false },
    ]
    await show(<PaymentMethodList />, { answers: { 'GET /payment-methods': { paymentMethods } } })
    await expect.element(page.getByRole('listitem').nth(0)).toHaveTextContent('Visa ending in 4242Expires Nov 2026Default')
    await expect.element(page.getByRole('listitem').nth(1)).toHaveTextContent('American Express ending in 0005Expired Oct 2026')
    await expect.element(page.getByRole('listitem').nth(2)).toHaveTextContent('Revolut pay')
  })

  it.each(['there', 'empty'])('opens the portal, %s', async (state) => {
    const navigate = vi.fn()
    await show(<PaymentMethodList />, { navigate, ...(state === 'empty' && { answers: { 'GET /payment-methods': { paymentMethods: [] } } }) })
    await userEvent.click(page.getByRole('button', { name: state === 'empty' ? 'Add payment method' : 'Update payment method' }))
    await expect.poll(() => navigate).toHaveBeenCalledWith('https://pay.example.com/portal')
  })
})

describe('UpcomingBill', () => {
  it('shows the payment service\'s own numbers, whatever they add up to', async () => {
    const line = { quantity: 1, proration: false, periodStart: '2026-12-21T06:30:00.000Z', periodEnd: '2027-01-21T06:30:00.000Z' }
    const invoice = {
      currency: 'jpy', subtotal: 1, discount: 300, tax: 50, total: 7000, due: 6500,
      lines: [{ ...line, description: 'Pro', amount: 2900 }, { ...line, description: null, amount: -400 }],
    }
    const { container } = await show(<UpcomingBill />, { answers: { 'GET /upcoming': { upcoming: { at: null, invoice } } } })
    await expect.element(page.getByText('¥6,500')).toBeVisible()
    expect([...container.querySelectorAll('dl > div')].map(({ textContent }) => textContent)).toEqual([
      'Pro¥2,900', 'Other-¥400', 'Discount-¥300', 'Tax¥50', 'Total¥7,000',
    ])
    expect(container.textContent).not.toContain('On ')
  })
})

describe('SeatList', () => {
  it('says how many are held, and where these are too many', async () => {
    const seats = { members: { used: 7, limit: 5, remaining: 0, members: [] }, guests: { used: 1, limit: null, remaining: null, members: [] } }
    const { container } = await show(<SeatList />, { answers: { 'GET /seats': { seats } } })
    await expect.poll(() => [...container.querySelectorAll('dl > div')].map(({ textContent }) => textContent)).toEqual([
      'members7 of 5 in use, over the limit', 'guests1 in use',
    ])
  })
})
