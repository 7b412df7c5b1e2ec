import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAgenda } from '../src/agenda.ts'
import { createIdentifiers } from '../src/identifiers.ts'
import { createPlan, startSimulator, subscribe } from './running-simulator.ts'

test('the agenda answers the earliest entry, of equal ones the one first scheduled', () => {
  const step = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), at: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const agenda = createAgenda()
      const model = new Map<string, number>()
      for (const { id, at } of steps) {
        agenda.schedule(id, at)
        if (at === undefined) model.delete(id)
        else model.set(id, at)
        const least = Math.min(...model.values())
        const expected = [...model].find(([, instant]) => instant === least)
        const found = agenda.earliest()
        expect(found === undefined ? undefined : [found.id, found.at]).toEqual(expected)
      }
    }),
  )
})

test('a hundred thousand ids are all different', () => {
  for (const prefix of ['evt', 'cus', 'in']) {
    const identifiers = createIdentifiers(1)
    const ids = new Set(Array.from({ length: 100_000 }, () => identifiers.next(prefix)))
    expect(ids.size).toBe(100_000)
  }
  expect(createIdentifiers(1).next('cus')).not.toBe(createIdentifiers(2).next('cus'))
})

test('an event keeps showing what its object embedded when it happened', async () => {
  const running = await startSimulator()
  const { stripe } = running
  const { month } = await createPlan(stripe)
  await subscribe(running, month.id)
  await stripe.prices.update(month.id, { nickname: 'Renamed' })
  const [created] = (await stripe.events.list({ type: 'customer.subscription.created' })).data
  expect(created?.data.object).toMatchObject({ items: { data: [{ price: { nickname: null }, plan: { nickname: null } }] } })
})
