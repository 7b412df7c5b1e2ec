import type { BillingClient } from '@farebox/core/client'
import { mockPaidSnapshot } from '../src/testing/mock-snapshot.ts'
import { createBillingServer } from './billing-server.ts'

/**
 * A server of ann's and cy's seats, and the ways to have it answer each change: with what was true when it was asked.
 *
 * @param isSlow whether the change itself waits for that.
 */
export function createSeatServer(isSlow?: boolean): { readonly client: BillingClient; readonly read: string[]; readonly waiting: (() => void)[] } {
  const held = new Set(['ann', 'cy'])
  const waiting: (() => void)[] = []
  const view = (): object => {
    const members = [...held].map((member) => ({ member, since: '2026-11-21T06:30:00.000Z' }))
    return { seats: { members: { used: held.size, limit: 5, remaining: 5 - held.size, members } } }
  }
  const later = (): Promise<void> => new Promise((resolve) => waiting.push(resolve))
  async function change(make: () => unknown): Promise<object> {
    if (isSlow) await later()
    make()
    const answer = view()
    if (!isSlow) await later()
    return answer
  }
  const { client, read } = createBillingServer({
    'GET /me': () => mockPaidSnapshot(),
    'GET /seats': view,
    'POST /seats': ({ member }) => change(() => held.add(String(member))),
    'DELETE /seats': ({ member }) => change(() => held.delete(String(member))),
  }, mockPaidSnapshot())
  return { client, read, waiting }
}
