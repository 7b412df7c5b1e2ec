import type { ReactElement } from 'react'
import { expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { createBillingServer } from '../../test/billing-server.ts'
import { BillingProvider, useSeats } from '../index.ts'
import { mockPaidSnapshot } from '../testing/mock-snapshot.ts'

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
  const held = new Set(['ann', 'cy'])
  const waiting: (() => void)[] = []
  const view = (): object => {
    const members = [...held].map((member) => ({ member, since: '2026-11-21T06:30:00.000Z' }))
    return { seats: { members: { used: held.size, limit: 5, remaining: 5 - held.size, members } } }
  }
  /** What is true now, when the test says so. */
  const later = (): Promise<object> => {
    const answer = view()
    return new Promise((resolve) => waiting.push(() => resolve(answer)))
  }
  const { client } = createBillingServer({
    'GET /seats': view,
    'POST /seats': ({ member }) => {
      held.add(String(member))
      return later()
    },
    'DELETE /seats': ({ member }) => {
      held.delete(String(member))
      return later()
    },
  }, mockPaidSnapshot())
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
