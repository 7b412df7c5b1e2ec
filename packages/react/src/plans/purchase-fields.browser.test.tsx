import type { PlanPriceView } from '@farebox/core/protocol'
import { useState } from 'react'
import { describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { type Answers, createBillingServer } from '../../test/billing-server.ts'
import { mockPlans } from '../testing/mock-answers.ts'
import { mockPaidSnapshot, mockSnapshot } from '../testing/mock-snapshot.ts'
import {
  BillingProvider, CheckoutButton, CouponField, PortalButton, PricingCalculator, PricingOffers, SeatPicker, useSeats,
} from '../index.ts'

async function show(children: React.ReactNode, answers: Answers = {}, snapshot = mockSnapshot()) {
  const server = createBillingServer(answers, snapshot)
  const { container } = await render(<BillingProvider client={server.client} live={false}>{children}</BillingProvider>)
  return { ...server, container }
}

function Seats({ told, from = 2 }: { readonly told: number[]; readonly from?: number }) {
  const [value, setValue] = useState(from)
  return <SeatPicker value={value} min={2} max={20} onValueChange={(next) => (told.push(next), setValue(next))} />
}

function Coupon({ isRefused }: { readonly isRefused?: boolean }) {
  const [code, setCode] = useState<string>()
  const problem = { type: '/problems/invalid-request', title: '', status: 400, faults: [{ path: 'promotionCode', message: '' }] }
  return (
    <>
      <CouponField value={code} onValueChange={setCode} failure={isRefused && code ? { status: 400, problem } : undefined} />
      <p>{code ?? 'none'}</p>
    </>
  )
}

function Members() {
  const { data, assign, release } = useSeats()
  const members = data?.seats['members']?.members ?? []
  return (
    <>
      <p>{members.map(({ member }) => member).join() || 'nobody'}</p>
      <button type="button" onClick={() => void assign.run('members', 'cem')}>Add</button>
      <button type="button" onClick={() => void release.run('members', 'ann')}>Remove</button>
      <p>{assign.error && `refused ${assign.error.status}`}</p>
    </>
  )
}

function seats(...members: string[]): object {
  return {
  seats: { members: { used: members.length, limit: 2, remaining: 0, members: members.map((member) => ({ member, since: '2026-01-05T09:00:00.000Z' })) } },
}
}

describe('CheckoutButton and PortalButton', () => {
  it('go to the page that the server opens, once', async () => {
    const { sent, visited } = await show(
      <>
        <CheckoutButton plan="pro" interval="year" promotionCode="SPRING" className="mine" />
        <PortalButton returnUrl="https://app.example.com/billing" render={(props) => <button type="button" {...props} title="portal" />} />
      </>,
    )
    await page.getByRole('button', { name: 'Choose Pro' }).dblClick()
    await expect.poll(() => visited).toEqual(['https://pay.example.com/checkout'])
    await page.getByTitle('portal').click()
    await expect.poll(() => visited.slice(1)).toEqual(['https://pay.example.com/portal'])
    expect(sent).toEqual([
      ['POST /checkout', { plan: 'pro', interval: 'year', promotionCode: 'SPRING' }],
      ['POST /portal', { returnUrl: 'https://app.example.com/billing' }],
    ])
    await expect.element(page.getByRole('button', { name: 'Choose Pro' })).toHaveClass('mine')
  })

  it('say why nothing came of it, and keep the focus', async () => {
    await show(<PortalButton />, { 'POST /portal': () => new Response(null, { status: 403 }) })
    await page.getByRole('button', { name: 'Manage billing' }).click()
    await expect.element(page.getByText('You may not manage billing.')).toBeVisible()
    await expect.element(page.getByRole('button', { name: 'Manage billing' })).toHaveFocus()
  })
})

describe('SeatPicker', () => {
  it.each([[1, /more/i, 2], [25, /fewer/i, 20]])('leads back from %i, which is out of its bounds, by one of its buttons', async (from, name, to) => {
    const told: number[] = []
    await show(<Seats told={told} from={from} />)
    await expect.element(page.getByRole('button', { name: from < 2 ? /fewer/i : /more/i })).toHaveAttribute('aria-disabled', 'true')
    await page.getByRole('button', { name }).click()
    expect(told).toEqual([to])
  })

  it('tells whole numbers within the bounds alone, by buttons and by keyboard', async () => {
    const told: number[] = []
    await show(<Seats told={told} />)
    const field = page.getByRole('spinbutton', { name: 'Seats' })
    await expect.element(page.getByRole('button', { name: 'Fewer seats' })).toHaveAttribute('aria-disabled', 'true')
    await page.getByRole('button', { name: 'More seats' }).click()
    await field.fill('12')
    await field.fill('1')
    await field.fill('2.5')
    await field.fill('99')
    await userEvent.tab()
    await expect.element(field).toHaveValue(12)
    expect(told).toEqual([3, 12])
  })
})

describe('CouponField', () => {
  it('gives the code that was typed, and takes it away again', async () => {
    await show(<Coupon />)
    await page.getByRole('textbox', { name: 'Promotion code' }).fill('  SPRING ')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText('SPRING', { exact: true })).toBeVisible()
    await page.getByRole('button', { name: 'Remove SPRING' }).click()
    await expect.element(page.getByText('none')).toBeVisible()
    await expect.element(page.getByRole('textbox', { name: 'Promotion code' })).toHaveValue('')
  })

  it('says beside the field that the server refused the code', async () => {
    await show(<Coupon isRefused />)
    await page.getByRole('textbox', { name: 'Promotion code' }).fill('WINTER')
    await page.getByRole('button', { name: 'Apply' }).click()
    const field = page.getByRole('textbox', { name: 'Promotion code' })
    await expect.element(field).toHaveAttribute('aria-invalid', 'true')
    await expect.element(field).toHaveAccessibleDescription('This code cannot be used here.')
  })
})

describe('PricingCalculator', () => {
  const tiers = [{ upTo: 5, amount: 900 }, { upTo: null, amount: 700 }]
  const option = { amount: 900, currency: 'usd', tiers }
  const month: PlanPriceView = { ...option, perSeat: true, minimum: 2, tiersMode: 'graduated', options: [option] }
  const plans = { plans: mockPlans().plans.map((plan) => (plan.key === 'pro' ? { ...plan, trialDays: 0, prices: { month } } : plan)) }

  it('says what so many seats cost', async () => {
    const { container } = await show(<PricingCalculator quantity={7} />, { 'GET /plans': () => plans })
    const price = () => container.querySelector('[data-slot=plan-price]')?.textContent
    await expect.poll(price).toBe('$59 a monthfor 7 seats')
    await page.getByRole('button', { name: 'More seats' }).click()
    await expect.poll(price).toBe('$66 a monthfor 8 seats')
    expect(page.getByRole('option').elements().map(({ textContent }) => textContent)).toEqual(['Pro'])
  })
})

describe('PricingOffers', () => {
  it('tells search engines what is for sale, and lets no plan end the script', async () => {
    const [free, pro, ...others] = mockPlans().plans
    const plans = { plans: [free, pro && { ...pro, name: '</script><img src=x onerror=alert(1)>' }, ...others].filter((plan) => plan !== undefined) }
    const { container, read } = await show(<PricingOffers name="Quotes" plans={plans} nonce="n" />)
    const script = container.querySelector('script')
    expect(script?.innerHTML).not.toContain('<')
    expect(container.querySelector('img')).toBeNull()
    expect(JSON.parse(script?.textContent ?? '')).toMatchObject({
      '@type': 'Product', name: 'Quotes', offers: [{ name: '</script><img src=x onerror=alert(1)>', price: '29.00' }, {}, {}, {}],
    })
    expect(read).toEqual([])
  })
})

describe('useSeats', () => {
  it('shows everybody what was answered to a change, and keeps what there was where it was refused', async () => {
    const { sent, read } = await show(
      <Members />,
      { 'POST /seats': () => Response.json({ type: '/problems/quota-exceeded', title: '', status: 429 }, { status: 429 }), 'DELETE /seats': () => seats('bob') },
      mockPaidSnapshot(),
    )
    await expect.element(page.getByText('ann,bob')).toBeVisible()
    await page.getByRole('button', { name: 'Add' }).click()
    await expect.element(page.getByText('refused 429')).toBeVisible()
    await expect.element(page.getByText('ann,bob')).toBeVisible()
    await page.getByRole('button', { name: 'Remove' }).click()
    await expect.element(page.getByText('bob', { exact: true })).toBeVisible()
    expect(sent).toEqual([['POST /seats', { feature: 'members', member: 'cem' }], ['DELETE /seats', { feature: 'members', member: 'ann' }]])
    expect(read.filter((route) => route === 'GET /seats')).toHaveLength(1)
  })
})
