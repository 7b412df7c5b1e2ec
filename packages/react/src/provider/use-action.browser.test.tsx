import type { BillingClient } from '@farebox/core/client'
import { expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-react'
import { createBillingServer } from '../../test/billing-server.ts'
import { BillingProvider, PlanChangePreview } from '../index.ts'
import { mockAnswers } from '../testing/mock-answers.ts'
import { mockPaidSnapshot } from '../testing/mock-snapshot.ts'

it('tells nobody what became of what another person asked for, who has signed out meanwhile', async () => {
  let arrive: (() => void) | undefined
  const preview = Object(mockAnswers()['POST /change'])
  const ann = createBillingServer({
    'POST /change': (body) => (body['preview'] ? preview : { kind: 'changed', plan: 'pro', entitlementVersion: 3 }),
    'GET /me': () => mockPaidSnapshot({ entitlementVersion: 3 }),
  }, mockPaidSnapshot())
  const held: BillingClient = { ...ann.client, change: async (wish) => {
    await new Promise<void>((resolve) => (arrive = resolve))
    return ann.client.change(wish)
  } }
  const bob = createBillingServer({ 'POST /change': () => preview }, mockPaidSnapshot({ customer: 'bob' }))
  const done: unknown[] = []
  const ui = (client: BillingClient) => (
    <BillingProvider client={client} live={false}><PlanChangePreview plan="pro" onDone={(change) => done.push(change)} /></BillingProvider>
  )
  const { rerender } = await render(ui(held))
  const confirm = page.getByRole('button', { name: 'Confirm and pay $261.00' })
  await confirm.click()
  await expect.element(confirm).toHaveAttribute('aria-busy', 'true')
  await rerender(ui(bob.client))
  await expect.element(confirm).toHaveAttribute('aria-disabled', 'false')
  arrive?.()
  await expect.poll(() => ann.sent).toHaveLength(2)
  await expect.poll(() => ann.read).toContain('GET /me')
  await expect.element(confirm).toHaveAttribute('aria-disabled', 'false')
  expect(done).toEqual([])
  await expect.element(page.getByText('You are on Pro now.')).not.toBeInTheDocument()
})
