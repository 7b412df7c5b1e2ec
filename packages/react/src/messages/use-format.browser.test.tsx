import { expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { useMoney, useNumber } from '../index.ts'
import { BillingMock } from '../testing/index.ts'

function Amounts() {
  const money = useMoney()
  const number = useNumber()
  return (
    <p>
      {[money({ amount: 123_450, currency: 'eur' }), money({ amount: 500, currency: 'jpy' }), number(1234.5), number(0.25, { style: 'percent' })].join(' | ')}
    </p>
  )
}

it.each([
  ['en', '€1,234.50 | ¥500 | 1,234.5 | 25%'],
  ['de-DE', '1.234,50 € | 500 ¥ | 1.234,5 | 25 %'],
])('write amounts in the locale of the provider, %s', async (locale, text) => {
  await render(
    <BillingMock locale={locale}>
      <Amounts />
    </BillingMock>,
  )
  await expect.element(page.getByText(text)).toBeVisible()
})

it('keep the letters of a currency together with its sign where all else runs from right to left', async () => {
  const { container } = await render(
    <BillingMock locale="ar">
      <Amounts />
    </BillingMock>,
  )
  const text = container.querySelector('p')?.firstChild
  expect(text?.textContent).toContain('JP¥')
  /** Where a character of the text stands. */
  const at = (character: string): number => {
    const range = document.createRange()
    const index = text?.textContent?.indexOf(character) ?? -1
    range.setStart(text!, index)
    range.setEnd(text!, index + 1)
    return range.getBoundingClientRect().left
  }
  container.dir = 'rtl'
  expect([at('J'), at('P'), at('¥')].toSorted((one, other) => one - other)).toEqual([at('J'), at('P'), at('¥')])
})
