import { expect, test } from 'vitest'
import { hour } from '../../domain/instant.ts'
import { calendarAnchor, periodAt, usageIntervals } from '../../domain/period.ts'
import { manualClock } from '../../testing/manual-clock.ts'
import { createNoRecords } from './no-records.ts'

const records = createNoRecords(manualClock(1000))

test('everybody is known for long, and has nothing', async () => {
  const { now, rows } = await records.load('anybody', ['customers', 'subscriptions', 'grants'])
  expect(now).toBe(1000)
  expect(rows.customers).toMatchObject([{ customer: 'anybody', id: 'anybody', revision: 1, value: { version: 1 } }])
  expect([rows.subscriptions, rows.grants]).toEqual([[], []])
  expect(await records.find({ collection: 'customers', index: 'createdAt', where: { atMost: 10 }, limit: 10 })).toEqual([])
})

test('usage periods are those of the UTC calendar, weeks from Monday included', async () => {
  const { rows } = await records.load('anybody', ['customers'])
  const since = rows.customers[0]?.value.createdAt ?? Number.NaN
  for (const interval of usageIntervals) {
    for (let instant = Date.UTC(2024, 0, 1); instant < Date.UTC(2029, 0, 1); instant += 7 * hour) {
      expect(periodAt(since, interval, instant)).toEqual(periodAt(calendarAnchor(interval), interval, instant))
    }
  }
})

test('nothing can be recorded, and the error says what to do', async () => {
  const commit = async () => records.commit('anybody', [{ collection: 'customers', id: 'anybody', value: null }])
  await expect(commit()).rejects.toMatchObject({ code: 'invalid-configuration', faults: [{ path: 'store.records' }] })
  await expect(async () => records.commit('', [])).rejects.toMatchObject({ code: 'invalid-request' })
  await expect(records.forget('anybody')).resolves.toBeUndefined()
})
