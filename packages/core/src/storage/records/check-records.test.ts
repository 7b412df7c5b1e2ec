import { describe, expect, it } from 'vitest'
import type { RecordQuery, RecordWrite } from '../../ports/record-store.ts'
import { outboxRow } from '../../testing/record-contract/record-trial.ts'
import { checkQuery } from './check-query.ts'
import { checkCommit, checkCustomer, checkLoad } from './check-records.ts'

const write: RecordWrite = { collection: 'outbox', id: 'a', value: outboxRow() }

function faultOf(path: string): unknown {
  return expect.objectContaining({ code: 'invalid-request', faults: [expect.objectContaining({ path })] })
}

describe('what record stores are asked', () => {
  it('copies the rows of a commit, so that a caller can change them no more', () => {
    const payload = { list: [1, -0] }
    const [checked] = checkCommit('customer', [{ ...write, expect: 3, value: outboxRow({ payload }) }])
    payload.list.push(2)

    expect(checked).toMatchObject({ collection: 'outbox', id: 'a', expect: 3, value: { payload: { list: [1, 0] } } })
    expect(checkCommit('customer', [write, { collection: 'inbox', id: 'b', value: null }])).toMatchObject([
      { expect: null },
      { expect: null, value: null },
    ])
  })

  it('refuses names of collections and indexes that are not declared, those of every object included', () => {
    for (const collection of ['toString', '__proto__', 'users']) {
      const wrong: unknown = { ...write, collection }
      expect(() => checkCommit('customer', [wrong as RecordWrite])).toThrow(faultOf('collection'))
      expect(() => checkLoad('customer', [collection as 'outbox'])).toThrow(faultOf('collection'))
    }
    const query: RecordQuery<'outbox'> = { collection: 'outbox', index: 'dueAt', where: { atMost: 1 }, limit: 1 }
    expect(() => checkQuery(query)).not.toThrow()
    expect(() => checkQuery({ ...query, index: 'length' as 'dueAt' })).toThrow(faultOf('index'))
    expect(() => checkQuery({ ...query, where: { atMost: Number.NaN } })).toThrow(faultOf('where'))
    const list: unknown = []
    expect(() => checkQuery({ ...query, where: { equals: list as string } })).toThrow(faultOf('where'))
  })

  it('refuses empty names and names of another type', () => {
    expect(() => checkCustomer('')).toThrow(faultOf('customer'))
    const one: unknown = 1
    expect(() => checkCustomer(one as string)).toThrow(faultOf('customer'))
    expect(() => checkCommit('customer', [{ ...write, id: '' }])).toThrow(faultOf('id'))
  })
})
