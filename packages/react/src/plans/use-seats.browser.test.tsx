import type { ReactElement } from 'react'
import { expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { createSeatServer } from '../../test/seat-server.ts'
import { BillingProvider, useSeats } from '../index.ts'

function Team(): ReactElement {
  const { data, assign, release } = useSeats()
  return (
    <>
      <button type="button" onClick={() => void assign.run('members', 'bo')}>Assign Bo</button>
      <button type="button" onClick={() => void release.run('members', 'cy')}>Release Cy</button>
      <p>{data?.seats['members']?.members.map(({ member }) => member).join(', ')}</p>
      <output>{`${assign.status}, ${release.status}`}</output>
    </>
  )
}

it('shows who holds a seat, in whichever order two changes are answered', async () => {
  const { client, waiting } = createSeatServer()
  await render(<BillingProvider client={client} live={false}><Team /></BillingProvider>)
  await expect.element(page.getByRole('paragraph')).toHaveTextContent('ann, cy')
  await page.getByRole('button', { name: 'Assign Bo' }).click()
  await page.getByRole('button', { name: 'Release Cy' }).click()
  await expect.poll(() => waiting.length).toBe(2)
  waiting[1]?.()
  await expect.element(page.getByRole('status').first()).toHaveTextContent('pending, success')
  waiting[0]?.()
  await expect.element(page.getByRole('status').first()).toHaveTextContent('success, success')
  await expect.element(page.getByRole('paragraph')).toHaveTextContent('ann, bo')
})
