import { expect, it } from 'vitest'
import { createWorld } from '../../../test/stripe/world.ts'
import type { PlanClaims } from '../../domain/plan-claims.ts'
import type { AccountEvent, AccountWebhooks } from '../../ports/auth.ts'
import { receiveAccountWebhook } from './receive-account-webhook.ts'

const delivery = { body: new Uint8Array(), headers: new Headers() }

function telling(event: AccountEvent): AccountWebhooks {
  return { read: async () => event }
}

it('gives a new account the default plan, and writes its claims once however often it is told', async () => {
  const world = await createWorld()
  const written: [string, PlanClaims][] = []
  const farebox = world.process({ claims: { write: async (customer, claims) => void written.push([customer, claims]) } })
  const created = telling({ kind: 'created', customer: 'user_1', email: 'a@example.com', name: null })
  for (let attempt = 0; attempt < 3; attempt += 1) expect(await receiveAccountWebhook(farebox, created, delivery)).toEqual({ kind: 'created' })
  expect(written).toEqual([['user_1', expect.objectContaining({ plan: 'free', ev: 2, g: false })]])
  const { rows } = await world.store.records.load('user_1', ['customers'])
  expect(rows.customers[0]?.value).toMatchObject({ email: 'a@example.com', version: 2 })
})

it('writes nothing for what it is not about, and passes a bad signature on', async () => {
  const world = await createWorld()
  const farebox = world.process()
  expect(await receiveAccountWebhook(farebox, telling({ kind: 'ignored', type: 'session.created' }), delivery)).toEqual({ kind: 'ignored' })
  const forged: AccountWebhooks = { read: () => Promise.reject(new Error('forged')) }
  await expect(receiveAccountWebhook(farebox, forged, delivery)).rejects.toThrow('forged')
  const { rows } = await world.store.records.load('user_1', ['customers'])
  expect(rows.customers).toEqual([])
})
