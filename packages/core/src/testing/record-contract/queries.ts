import type { RecordPlace } from '../../ports/record-store.ts'
import { assertMatch, assertRejects, assertThat } from '../assertion.ts'
import { type RecordCase, customerRow, inboxRow, writeOutbox } from './record-trial.ts'

/** Rows are found across customers by what they say. Stores may hold rows of others, so values here are the case's own. */
export const queryCases: readonly RecordCase[] = [
  {
    name: 'a row is found by an index while it says so, and no longer',
    async run(trial) {
      const id = `cus_${trial.customer}`
      const find = async (equals: string): Promise<readonly string[]> => {
        const found = await trial.store.find({ collection: 'customers', index: 'paymentCustomer', where: { equals }, limit: 10 })
        return found.map((entry) => entry.customer)
      }
      const write = async (paymentCustomer: string | null): Promise<unknown> =>
        trial.commit({ collection: 'customers', id: trial.customer, value: customerRow({ paymentCustomer }) })
      await write(id)
      assertMatch(await find(id), [trial.customer], 'Written')
      await write(`${id}-next`)
      assertMatch([await find(id), await find(`${id}-next`)], [[], [trial.customer]], 'Changed')
      await write(null)
      assertMatch([await find(`${id}-next`), await find('null')], [[], []], 'Emptied')
      await write(id)
      await trial.commit({ collection: 'customers', id: trial.customer, value: null })
      assertMatch(await find(id), [], 'Deleted')
    },
  },
  {
    name: 'rows up to a value come in ascending order, as many as were asked for',
    async run(trial) {
      // Before every instant of the present: these rows come first whatever else is stored.
      const oldest = -1_000_000
      for (const [index, customer] of ['a', 'b', 'c'].entries()) {
        const dues = [5, 1, 3].map((due) => oldest + due * 10 + index)
        await trial.store.commit(`${trial.customer}-${customer}`, dues.map((due) => writeOutbox(`due-${due}`, due)))
      }
      const find = async (atMost: number, limit: number): Promise<readonly number[]> => {
        const found = await trial.store.find({ collection: 'outbox', index: 'dueAt', where: { atMost }, limit })
        const own = found.filter((entry) => entry.customer.startsWith(trial.customer))
        return own.map((entry) => entry.value.dueAt - oldest)
      }
      assertMatch(await find(oldest + 31, 1000), [10, 11, 12, 30, 31], 'Up to a value, which is part of it')
      assertMatch(await find(oldest + 9, 1000), [], 'Before the first')
      assertMatch((await find(oldest + 31, 2)).length <= 2, true, 'At most two')
      for (const customer of ['a', 'b', 'c']) await trial.store.forget(`${trial.customer}-${customer}`)
    },
  },
  {
    name: 'reading on behind a place meets every row once, also among those of the same value',
    async run(trial) {
      const dueAt = Number.parseInt(trial.customer.slice(-12), 16)
      const customers = ['a', 'b', 'c'].map((end) => `${trial.customer}-${end}`)
      for (const customer of customers) await trial.store.commit(customer, ['x', 'y', 'z'].map((id) => writeOutbox(id, dueAt)))
      for (const where of [{ equals: dueAt }, { atMost: dueAt }] as const) {
        // Up to a value there may be rows of others: reading begins behind a place before this case's own.
        let after: RecordPlace = { value: dueAt - 1, customer: '~', id: '~' }
        const met: string[] = []
        for (let page = 0; page < 5; page += 1) {
          const found = await trial.store.find({ collection: 'outbox', index: 'dueAt', where, after, limit: 2 })
          met.push(...found.map(({ customer, id }) => `${customer} ${id}`))
          const last = found.at(-1)
          assertThat(last !== undefined, `Page ${page} is not empty`)
          after = { value: last.value.dueAt, customer: last.customer, id: last.id }
          // A row that is written again stays in its place.
          await trial.store.commit(last.customer, [writeOutbox(last.id, dueAt)])
        }
        assertMatch(met.toSorted(), customers.flatMap((customer) => ['x', 'y', 'z'].map((id) => `${customer} ${id}`)), 'All nine')
        assertMatch(await trial.store.find({ collection: 'outbox', index: 'dueAt', where, after, limit: 2 }), [], 'Behind the last')
      }
      const query = { collection: 'outbox', index: 'dueAt', where: { atMost: dueAt }, limit: 1 } as const
      await assertRejects(async () => trial.store.find({ ...query, after: { value: Number.NaN, customer: 'a', id: 'a' } }), 'invalid-request', 'No place')
      for (const customer of customers) await trial.store.forget(customer)
    },
  },
  {
    name: 'a number is found as a number, with its customer, id and revision',
    async run(trial) {
      const keepUntil = Number.parseInt(trial.customer.slice(-12), 16)
      await trial.commit({ collection: 'inbox', id: 'evt_1', value: inboxRow() })
      await trial.commit({ collection: 'inbox', id: 'evt_1', value: inboxRow({ keepUntil, state: 'done' }) })
      const found = await trial.store.find({ collection: 'inbox', index: 'keepUntil', where: { equals: keepUntil }, limit: 10 })
      assertMatch(found, [{ customer: trial.customer, id: 'evt_1', revision: 2, value: { state: 'done' } }], 'Found')
      await trial.store.forget(trial.customer)
    },
  },
  {
    name: 'a limit is a whole number from 1 to 1,000',
    async run(trial) {
      for (const limit of [0, -1, 1.5, 1001, Number.NaN]) {
        const query = { collection: 'outbox', index: 'dueAt', where: { atMost: 0 }, limit } as const
        await assertRejects(async () => trial.store.find(query), 'invalid-request', `Limit ${limit}`)
      }
    },
  },
  {
    name: 'forgetting a customer erases every row, from every index, and of nobody else',
    async run(trial) {
      const other = `${trial.customer}-other`
      const paymentCustomer = `cus_${trial.customer}`
      const value = customerRow({ paymentCustomer })
      for (const customer of [trial.customer, other]) {
        await trial.store.commit(customer, [{ collection: 'customers', id: customer, value }, writeOutbox('a'), writeOutbox('b')])
      }
      await trial.store.forget(trial.customer)
      const { rows } = await trial.store.load(trial.customer, ['customers', 'outbox'])
      assertMatch(rows, { customers: [], outbox: [] }, 'Rows')
      const query = { collection: 'customers', index: 'paymentCustomer', where: { equals: paymentCustomer }, limit: 10 } as const
      assertMatch(await trial.store.find(query), [{ customer: other }], 'Found')
      await trial.store.forget(`${trial.customer}-never-seen`)
      await trial.store.forget(other)
    },
  },
]
