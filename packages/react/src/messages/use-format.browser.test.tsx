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
