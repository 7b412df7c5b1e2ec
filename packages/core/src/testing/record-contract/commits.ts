import { assertMatch, assertThat } from '../assertion.ts'
import { type RecordCase, customerRow, outboxRow, writeOutbox } from './record-trial.ts'

/** A commit writes all of its rows or none, and only where every expectation holds. */
export const commitCases: readonly RecordCase[] = [
  {
    name: 'a row comes back as it was written, with its revision',
    async run(trial) {
      const value = outboxRow({ payload: { text: 'ä "quoted" \\ \n 😀', list: [1, 2.5, -0.125, true, null, { deep: [] }] } })
      assertMatch(await trial.commit({ collection: 'outbox', id: 'a', expect: 0, value }), { kind: 'committed' }, 'Commit')
      const { rows, now } = await trial.store.load(trial.customer, ['outbox'])
      assertMatch(rows.outbox, [{ customer: trial.customer, id: 'a', revision: 1, value }], 'Rows')
      assertMatch(JSON.parse(JSON.stringify(rows.outbox[0]?.value)), JSON.parse(JSON.stringify(value)), 'As JSON')
      assertThat(Number.isSafeInteger(now), "A reading brings the store's present")
    },
  },
  {
    name: 'a revision starts at 1 and grows by one with each write',
    async run(trial) {
      for (const expected of [1, 2, 3]) {
        await trial.commit(writeOutbox('a'))
        assertMatch(await trial.outbox(), [['a', expected]], 'Revision')
      }
      await trial.commit({ collection: 'outbox', id: 'a', value: null })
      await trial.commit(writeOutbox('a', 0, 0))
      assertMatch(await trial.outbox(), [['a', 1]], 'After a deletion')
    },
  },
  {
    name: 'an expectation that fails writes nothing and names the first row that failed',
    async run(trial) {
      await trial.commit(writeOutbox('a'), writeOutbox('b'))
      const outcome = await trial.commit(
        writeOutbox('new', 0, 0),
        writeOutbox('a', 9, 1),
        writeOutbox('b', 9, 7),
        writeOutbox('a', 9, 7),
      )
      assertMatch(outcome, { kind: 'conflict', collection: 'outbox', id: 'b' }, 'Outcome')
      const expected = [
        ['a', 1],
        ['b', 1],
      ]
      assertMatch(await trial.outbox(), expected, 'Rows')
    },
  },
  {
    name: 'zero expects a row that is not there, for writes and for deletions',
    async run(trial) {
      await trial.commit(writeOutbox('a'))
      assertMatch(await trial.commit(writeOutbox('a', 0, 0)), { kind: 'conflict', id: 'a' }, 'There')
      assertMatch(await trial.commit(writeOutbox('b', 0, 1)), { kind: 'conflict', id: 'b' }, 'Not there')
      const remove = { collection: 'outbox', id: 'a', value: null } as const
      assertMatch(await trial.commit({ ...remove, expect: 2 }), { kind: 'conflict', id: 'a' }, 'Delete another revision')
      assertMatch(await trial.commit({ ...remove, expect: 1 }), { kind: 'committed' }, 'Delete')
      assertMatch(await trial.commit(remove), { kind: 'committed' }, 'Delete what is gone')
      assertMatch(await trial.outbox(), [], 'Rows')
    },
  },
  {
    name: 'writes apply in their order, also to one row',
    async run(trial) {
      const outcome = await trial.commit(writeOutbox('a', 1, 0), writeOutbox('a', 2, 1), writeOutbox('b', 1, 0))
      assertMatch(outcome, { kind: 'committed' }, 'Outcome')
      const { rows } = await trial.store.load(trial.customer, ['outbox'])
      assertMatch(rows.outbox.find((row) => row.id === 'a'), { revision: 2, value: { dueAt: 2 } }, 'The last one stands')
      const remove = { collection: 'outbox', id: 'b', expect: 1, value: null } as const
      await trial.commit(remove, writeOutbox('b', 5, 0))
      assertMatch((await trial.outbox())[1], ['b', 1], 'Deleted and written again')
    },
  },
  {
    name: 'one commit may write rows of several collections, and each keeps to its own',
    async run(trial) {
      const value = customerRow({ name: 'Ada' })
      await trial.commit({ collection: 'customers', id: trial.customer, expect: 0, value }, writeOutbox(trial.customer, 7, 0))
      const { rows } = await trial.store.load(trial.customer, ['customers', 'outbox', 'grants'])
      const expected = {
        customers: [{ id: trial.customer, value: { name: 'Ada' } }],
        outbox: [{ id: trial.customer, value: { dueAt: 7 } }],
        grants: [],
      }
      assertMatch(rows, expected, 'Rows')
      assertThat(!('inbox' in rows), 'Only what was asked for is read')
    },
  },
  {
    name: 'of a collection rows of some ids can be read alone, beside all of another',
    async run(trial) {
      const value = customerRow({ name: 'Ada' })
      await trial.commit({ collection: 'customers', id: trial.customer, expect: 0, value }, writeOutbox('a', 1), writeOutbox('b', 2), writeOutbox('c', 3))
      const { rows } = await trial.store.load(trial.customer, ['customers', 'outbox'], { outbox: ['c', 'a', 'absent', 'c'] })
      assertMatch(rows.customers, [{ value: { name: 'Ada' } }], 'Customers')
      assertMatch(rows.outbox.map(({ id }) => id).toSorted(), ['a', 'c'], 'Outbox')
      assertMatch((await trial.store.load(trial.customer, ['outbox'], { outbox: [] })).rows.outbox, [], 'None')
    },
  },
  {
    name: "another customer's row of the same id is another row",
    async run(trial) {
      const other = `${trial.customer}-other`
      await trial.commit(writeOutbox('a', 1))
      assertMatch(await trial.store.commit(other, [writeOutbox('a', 2, 0)]), { kind: 'committed' }, 'Other')
      const { rows } = await trial.store.load(other, ['outbox'])
      assertMatch(rows.outbox, [{ customer: other, id: 'a', revision: 1, value: { dueAt: 2 } }], 'Other')
      assertMatch(await trial.outbox(), [['a', 1]], 'Own')
    },
  },
  {
    name: 'a commit of nothing is committed, and a customer without rows reads as empty',
    async run(trial) {
      assertMatch(await trial.commit(), { kind: 'committed' }, 'Commit')
      const { rows } = await trial.store.load(trial.customer, ['customers', 'inbox'])
      assertMatch(rows, { customers: [], inbox: [] }, 'Rows')
    },
  },
]
