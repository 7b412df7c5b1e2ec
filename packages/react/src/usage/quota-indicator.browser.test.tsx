import { describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { QuotaIndicator } from '../index.ts'
import { BillingMock, mockSnapshot, mockUsage } from '../testing/index.ts'
import '../styles.css'

describe('QuotaIndicator', () => {
  it.each([
    ['2 left', 'ok', mockUsage(3, 5)],
    ['1 left', 'warn', mockUsage(4, 5)],
    ['limit reached', 'critical', mockUsage(5, 5)],
    ['over the limit', 'over', mockUsage(7, 5)],
    ['no limit', 'unlimited', mockUsage(7, null)],
    ['not in your plan', 'ok', mockUsage(0, 0)],
  ])('says %s, and of what to those who listen', async (words, tone, apiCalls) => {
    await render(
      <BillingMock snapshot={mockSnapshot({ usage: { apiCalls } })} labels={{ apiCalls: 'API calls' }}>
        <button type="button">
          Ask <QuotaIndicator feature="apiCalls" title="This month" />
        </button>
      </BillingMock>,
    )
    const indicator = page.getByTitle('This month')
    await expect.element(indicator).toHaveTextContent(`API calls: ${words}`)
    await expect.element(indicator).toHaveAttribute('data-tone', tone)
    expect(page.getByRole('button').element().textContent).toBe(`Ask API calls: ${words}`)
  })

  it('can be another element, and speaks the language it was given', async () => {
    await render(
      <BillingMock messages={{ left: ({ remaining }, { number }) => `noch ${number(remaining ?? 0)}` }}>
        <QuotaIndicator feature="apiCalls" label="Aufrufe" render={<em />} />
      </BillingMock>,
    )
    await expect.element(page.getByRole('emphasis')).toHaveTextContent('Aufrufe: noch 2')
  })
})
