import { type RecordStore, allowance, createFarebox, defineCatalog, FareboxError, metered } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { manualClock } from '@farebox/core/testing'
import { expect, test } from 'vitest'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } } },
})

const customer = 'user_1'

test('a change that is committed stands, whatever happens to what follows it', async () => {
  const clock = manualClock()
  const { usage, records } = memoryStore({ clock })
  let isDown = false
  const failing: RecordStore = {
    ...records,
    load: async (id, names) => {
      if (isDown) throw new FareboxError('unavailable', 'The store cannot be reached')
      return records.load(id, names)
    },
    async commit(id, writes) {
      const outcome = await records.commit(id, writes)
      isDown = writes.some(({ collection }) => collection === 'grants')
      return outcome
    },
  }
  const warnings: string[] = []
  const logger = { info: () => undefined, warn: (message: string) => void warnings.push(message), error: () => undefined }
  const farebox = createFarebox({ catalog, clock, logger, store: { usage, records: failing } })
  const told: string[] = []
  farebox.on('grant.added', ({ data }) => void told.push(data.grant.id))

  expect(await farebox.grant({ customer, feature: 'apiCalls', amount: 5, key: 'welcome' })).toMatchObject({ id: 'welcome' })
  expect([told, warnings]).toEqual([[], ['What follows a change will be tried again']])
  isDown = false
  await farebox.sweep()
  expect(told).toEqual(['welcome'])
  expect(await farebox.check({ customer, feature: 'apiCalls' })).toMatchObject({ limit: 10 })
})
