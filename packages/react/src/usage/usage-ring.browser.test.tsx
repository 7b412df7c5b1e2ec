import { describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { UsageRing } from '../index.ts'
import { BillingMock, mockSnapshot, mockUsage } from '../testing/index.ts'
import '../styles.css'

const meter = page.getByRole('meter', { name: 'API calls' })

async function show(...usage: Parameters<typeof mockUsage>): Promise<HTMLElement> {
  const { container } = await render(
    <BillingMock locale="de-DE" snapshot={mockSnapshot({ usage: { apiCalls: mockUsage(...usage) } })}>
      <UsageRing feature="apiCalls" label="API calls" />
    </BillingMock>,
  )
  return container
}

function arc(container: HTMLElement, name: string): [length: number, from: number] {
  const circle = container.querySelector(`[data-slot=usage-ring-${name}]`)
  return [Number.parseFloat(circle?.getAttribute('stroke-dasharray') ?? '1'), -Number(circle?.getAttribute('stroke-dashoffset'))]
}

describe('UsageRing', () => {
  it('is a meter with its words beside it and its share inside', async () => {
    const container = await show(30, 100, { reserved: 10 })
    await expect.element(meter).toHaveAttribute('aria-valuetext', '40 of 100 calls (10 reserved)')
    await expect.element(meter).toHaveAttribute('aria-valuenow', '40')
    await expect.element(page.getByText('40 of 100 calls (10 reserved)')).toBeVisible()
    await expect.element(meter).toHaveTextContent('40 %')
    expect(arc(container, 'fill')[0]).toBeCloseTo(0.3)
    expect(arc(container, 'reserved')).toEqual([expect.closeTo(0.1), expect.closeTo(0.3)])
  })

  it('begins a part of its own where the limit is passed', async () => {
    const container = await show(100, 100, { overage: 25 })
    await expect.element(meter).toHaveAttribute('aria-valuenow', '100')
    await expect.element(meter).toHaveAttribute('aria-valuetext', '125 of 100 calls, over the limit')
    await expect.element(meter).toHaveTextContent('125 %')
    expect(arc(container, 'over')).toEqual([expect.closeTo(0.2), expect.closeTo(0.8)])
  })

  it.each([
    [999, 1000, '99 %'],
    [29, 100, '29 %'],
    [0, 7, '0 %'],
  ])('never says more than is used: %d of %d', async (used, limit, share) => {
    await show(used, limit)
    expect(meter.element().textContent).toBe(share.replace(' ', '\u{A0}'))
  })

  it('is plain text without a limit', async () => {
    await show(1234, null)
    await expect.element(page.getByText('1.234 calls, no limit')).toBeVisible()
    expect(page.getByRole('meter').elements()).toEqual([])
  })

  it('can be taken apart', async () => {
    await render(
      <BillingMock>
        <UsageRing.Root feature="apiCalls" label="API calls">
          <UsageRing.Value render={<strong />} />
          <UsageRing.Track className={({ usage }) => `is-${usage.data?.tone}`} />
        </UsageRing.Root>
      </BillingMock>,
    )
    await expect.element(page.getByRole('strong')).toHaveTextContent('3 of 5 calls')
    await expect.element(meter).toHaveClass('is-ok')
  })
})
