import type { BillingClient } from '@farebox/core/client'
import { expect, it } from 'vitest'
import { page } from 'vitest/browser'
import { mockPaidSnapshot } from '../src/testing/mock-snapshot.ts'
import { createSeatServer } from './seat-server.ts'

/**
 * That who holds a seat is shown as it is, whatever is answered when.
 *
 * @param show a page with the holders, a button for each change, and how the changes go.
 */
export function showsHolders(show: (client: BillingClient) => Promise<unknown>): void {
  it('show who holds a seat, in whichever order two changes are answered', async () => {
    const { client, waiting } = createSeatServer()
    await show(client)
    await expect.element(page.getByText('ann, cy')).toBeVisible()
    await page.getByRole('button', { name: 'Assign Bo' }).click()
    await page.getByRole('button', { name: 'Release Cy' }).click()
    await expect.poll(() => waiting.length).toBe(2)
    waiting[1]?.()
    await expect.element(page.getByText('pending, done')).toBeVisible()
    waiting[0]?.()
    await expect.element(page.getByText('done, done')).toBeVisible()
    await expect.element(page.getByText('ann, bo')).toBeVisible()
  })

  it('show who holds a seat, also where the entitlements changed while it was given', async () => {
    const { client, waiting, read } = createSeatServer(true)
    await show(client)
    await expect.element(page.getByText('ann, cy')).toBeVisible()
    await page.getByRole('button', { name: 'Assign Bo' }).click()
    client.accept(mockPaidSnapshot({ entitlementVersion: 9 }))
    await expect.poll(() => read.filter((route) => route === 'GET /seats').length).toBe(2)
    await expect.poll(() => waiting.length).toBe(1)
    waiting[0]?.()
    await expect.element(page.getByText('done, idle')).toBeVisible()
    await expect.element(page.getByText('ann, cy, bo')).toBeVisible()
  })
}
