import type { GrantView } from '@farebox/core/protocol'
import { describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { BillingProvider, CreditBalance, CreditLedger, useCredits } from '../index.ts'
import { BillingMock, createMockClient, mockSnapshot, mockUsage } from '../testing/index.ts'
import '../styles.css'

function grant(id: string, feature: string, remaining: number, expiresAt: string | null): GrantView {
  return { id, feature, amount: 100, used: 100 - remaining, remaining, priority: 50, effectiveAt: '2026-11-01T00:00:00.000Z', expiresAt }
}

const snapshot = mockSnapshot({
  usage: { apiCalls: mockUsage(1, 5), tokens: mockUsage(0, 0, { unit: 'token' }) },
  grants: [
    grant('welcome', 'apiCalls', 0, '2026-12-01T00:00:00.000Z'),
    grant('reward', 'apiCalls', 1, '2026-12-31T23:30:00.000Z'),
    grant('support', 'apiCalls', 50, null),
    grant('pack', 'tokens', 100, null),
  ],
})

function Mine() {
  const { data = [] } = useCredits('apiCalls')
  return <p>{data.map(({ unit, remaining, grants }) => `${remaining} ${unit} in ${grants.length}`)}</p>
}

describe('CreditBalance', () => {
  it('says what is left of each feature, and what ends first', async () => {
    const { container } = await render(
      <BillingMock snapshot={snapshot} labels={{ apiCalls: 'API calls' }} timeZone="Asia/Tokyo">
        <CreditBalance />
      </BillingMock>,
    )
    expect([...container.querySelectorAll('dt')].map((term) => term.textContent)).toEqual(['API calls', 'tokens'])
    expect([...container.querySelectorAll('dd')].map((text) => text.textContent)).toEqual([
      '51 calls', '1 expires Jan 1, 2027', '100 tokens', 'No expiry',
    ])
  })

  it('keeps to one feature, if told', async () => {
    await render(
      <BillingMock snapshot={snapshot}>
        <CreditBalance feature="tokens" />
      </BillingMock>,
    )
    await expect.element(page.getByText('100 tokens')).toBeVisible()
    expect(page.getByText('51 calls').elements()).toEqual([])
  })

  it('follows the snapshot', async () => {
    const client = createMockClient({ snapshot: mockSnapshot() })
    await render(
      <BillingProvider client={client} live={false}>
        <CreditBalance />
      </BillingProvider>,
    )
    await expect.element(page.getByText('No credits.')).toBeVisible()
    client.accept(snapshot)
    await expect.element(page.getByText('51 calls')).toBeVisible()
  })
})

describe('CreditLedger', () => {
  it('lists credits in the order in which they are drawn', async () => {
    await render(
      <BillingMock snapshot={snapshot} locale="de-DE">
        <CreditLedger />
      </BillingMock>,
    )
    const table = page.getByRole('table', { name: 'Credits, in the order they are used' })
    const rows = table.getByRole('row').elements().slice(1)
    expect(rows.map((row) => [...row.children].map((cell) => cell.textContent))).toEqual([
      ['apiCalls', '0 of 100 calls', '01.12.2026'],
      ['apiCalls', '1 of 100 calls', '31.12.2026'],
      ['apiCalls', '50 of 100 calls', 'No expiry'],
      ['tokens', '100 of 100 tokens', 'No expiry'],
    ])
  })
})

describe('useCredits', () => {
  it('gives what a component of one\'s own needs', async () => {
    await render(
      <BillingMock snapshot={snapshot}>
        <Mine />
      </BillingMock>,
    )
    await expect.element(page.getByText('51 call in 3')).toBeVisible()
  })
})
