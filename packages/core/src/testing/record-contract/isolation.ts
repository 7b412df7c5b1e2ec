import { assertMatch, assertRejects, assertThat } from '../assertion.ts'
import { type RecordCase, customerRow, outboxRow, writeOutbox } from './record-trial.ts'

/** Rows are nobody's but the store's, and one writer wins. */
export const isolationCases: readonly RecordCase[] = [
  {
    name: 'a caller who changes what was written or read changes nothing in the store',
    async run(trial) {
      const payload = { list: [1], nested: { value: 'as written' } }
      await trial.commit({ collection: 'outbox', id: 'a', value: outboxRow({ payload }) })
      payload.nested.value = 'changed by the writer'
      payload.list.push(2)
      const read = async (): Promise<unknown> => (await trial.store.load(trial.customer, ['outbox'])).rows.outbox[0]?.value.payload
      const first = await read()
      try {
        Object.assign(first ?? {}, { nested: 'changed by a reader' })
      } catch (error) {
        assertThat(error instanceof TypeError, 'A frozen row says so')
      }
      assertMatch(await read(), { list: [1], nested: { value: 'as written' } }, 'Payload')
    },
  },
  {
    name: 'of writers in parallel with one expectation exactly one wins',
    async run(trial) {
      await trial.commit({ collection: 'customers', id: trial.customer, expect: 0, value: customerRow() })
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, async (_, index) =>
          trial.commit(
            { collection: 'customers', id: trial.customer, expect: 1, value: customerRow({ version: index + 2 }) },
            writeOutbox(`from-${index}`, 0, 0),
          ),
        ),
      )
      assertMatch(outcomes.filter((outcome) => outcome.kind === 'committed').length, 1, 'Winners')
      const row = await trial.row()
      assertMatch(row?.revision, 2, 'Revision')
      assertMatch(await trial.outbox(), [[`from-${(row?.value.version ?? 0) - 2}`, 1]], 'Rows of the winner alone')
    },
  },
  {
    name: 'increments that try again after a conflict are all kept',
    async run(trial) {
      await trial.commit({ collection: 'customers', id: trial.customer, expect: 0, value: customerRow({ version: 0 }) })
      const increment = async (): Promise<void> => {
        for (let attempt = 0; attempt < 100; attempt += 1) {
          const row = await trial.row()
          assertThat(row !== undefined, 'The row is there')
          const value = { ...row.value, version: row.value.version + 1 }
          const write = { collection: 'customers', id: trial.customer, expect: row.revision, value } as const
          if ((await trial.commit(write)).kind === 'committed') return
        }
        throw new Error('An increment never came through')
      }
      await Promise.all(Array.from({ length: 15 }, increment))
      assertMatch(await trial.row(), { revision: 16, value: { version: 15 } }, 'Row')
    },
  },
  {
    name: 'what JSON cannot carry is refused, and nothing of the commit is written',
    async run(trial) {
      const cycle: Record<string, unknown> = {}
      cycle['self'] = cycle
      const wrong: readonly unknown[] = [Number.NaN, Number.POSITIVE_INFINITY, new Date(0), new Map(), () => 1, 1n, Symbol('a'), cycle]
      for (const value of wrong) {
        const write = { collection: 'outbox', id: 'wrong', value: outboxRow({ payload: { value } }) } as const
        await assertRejects(async () => trial.commit(writeOutbox('a'), write), 'invalid-request', Object.prototype.toString.call(value))
      }
      assertMatch(await trial.outbox(), [], 'Rows')
      await trial.commit({ collection: 'outbox', id: 'a', value: outboxRow({ payload: { left: undefined, kept: null } }) })
      const { rows } = await trial.store.load(trial.customer, ['outbox'])
      const payload = rows.outbox[0]?.value.payload ?? {}
      assertMatch(Object.keys(payload), ['kept'], 'A field that is undefined is left out')
    },
  },
  {
    name: 'empty names and revisions that are none are refused',
    async run(trial) {
      await assertRejects(async () => trial.store.commit('', [writeOutbox('a')]), 'invalid-request', 'Customer')
      await assertRejects(async () => trial.store.load('', ['outbox']), 'invalid-request', 'Customer of a reading')
      await assertRejects(async () => trial.commit(writeOutbox('b'), writeOutbox('')), 'invalid-request', 'Id')
      for (const expect of [-1, 1.5, Number.NaN]) {
        await assertRejects(async () => trial.commit(writeOutbox('b'), writeOutbox('a', 0, expect)), 'invalid-request', `${expect}`)
      }
      assertMatch(await trial.outbox(), [], 'Rows')
    },
  },
]
