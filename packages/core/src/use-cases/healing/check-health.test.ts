import { type Store, allowance, createFarebox, defineCatalog, metered } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { expect, test } from 'vitest'
import type { InboxRow } from '../../ports/record-store.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } } },
})

const down = async (): Promise<never> => {
  throw new Error('connect ECONNREFUSED')
}

async function healthOf(changes: (store: Store) => Store) {
  return createFarebox({ catalog, store: changes(memoryStore()) }).health()
}

test('all is well where every part answers', async () => {
  expect(await healthOf((store) => store)).toEqual({ status: 'ok', parts: { usage: 'ok', records: 'ok', webhooks: 'ok' } })
})

test('a part that does not answer takes the whole down, and is named', async () => {
  expect(await healthOf(({ usage, records }) => ({ usage: { ...usage, read: down }, records })))
    .toEqual({ status: 'down', parts: { usage: 'down', records: 'ok', webhooks: 'ok' } })
  expect(await healthOf(({ usage, records }) => ({ usage, records: { ...records, find: down } })))
    .toEqual({ status: 'down', parts: { usage: 'ok', records: 'down', webhooks: 'down' } })
})

test('an event that was put aside degrades the webhooks, and nothing else', async () => {
  const store = memoryStore()
  const parked: InboxRow = {
    type: 'invoice.paid', state: 'parked', attempts: 8, outcome: null, failure: 'unavailable', receivedAt: 0, keepUntil: 0,
  }
  await store.records.commit('user_1', [{ collection: 'inbox', id: 'evt_1', value: parked }])
  expect(await healthOf(() => store)).toEqual({ status: 'degraded', parts: { usage: 'ok', records: 'ok', webhooks: 'degraded' } })
})

test('an event that failed until Stripe sent it no more degrades the webhooks; one that is still sent does not', async () => {
  const now = Date.UTC(2026, 0, 31)
  const store = memoryStore({ clock: { now: () => now } })
  const health = async (receivedAt: number) => {
    const failed: InboxRow = {
      type: 'invoice.paid', state: 'failed', attempts: 1, outcome: null, failure: 'unavailable', receivedAt, keepUntil: now,
    }
    await store.records.commit('user_1', [{ collection: 'inbox', id: 'evt_1', value: failed }])
    return (await createFarebox({ catalog, store, clock: { now: () => now } }).health()).parts.webhooks
  }
  expect(await health(now - 3 * 86_400_000 + 1)).toBe('ok')
  expect(await health(now - 3 * 86_400_000)).toBe('degraded')
})
