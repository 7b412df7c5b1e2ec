import { describe, expect, it } from 'vitest'
import { outboxRow } from '../../testing/record-contract/record-trial.ts'
import type { CheckedWrite } from '../../storage/records/check-records.ts'
import { type Expectation, stageCommit } from './stage-commit.ts'

type Step = readonly [what: 'write' | 'delete', expect: number | null]

/** What must be there before the steps are taken with one row, one after the other. */
function expectationsOf(...steps: readonly Step[]): readonly Pick<Expectation, 'revision' | 'place'>[] {
  const writes = steps.map(([what, expected]): CheckedWrite => {
    return { collection: 'outbox', id: 'a', expect: expected, value: what === 'write' ? outboxRow() : null }
  })
  return stageCommit(writes).expectations.map(({ revision, place }) => ({ revision, place }))
}

describe('what a commit expects', () => {
  it('of a row that it writes twice is told of the row as it is before', () => {
    expect(expectationsOf(['write', 0], ['write', 1])).toEqual([{ revision: 0, place: 0 }, { revision: 0, place: 1 }])
    expect(expectationsOf(['write', null], ['write', 8], ['delete', 9])).toEqual([{ revision: 7, place: 1 }, { revision: 7, place: 2 }])
    expect(expectationsOf(['write', null], ['write', null])).toEqual([])
  })

  it('of a row that it has deleted is known: it holds, or nothing fits', () => {
    expect(expectationsOf(['delete', 4], ['write', 0], ['write', 1])).toEqual([{ revision: 4, place: 0 }])
    expect(expectationsOf(['delete', null], ['write', 4])).toEqual([{ revision: -1, place: 1 }])
    expect(expectationsOf(['delete', null], ['write', null], ['write', 2])).toEqual([{ revision: -1, place: 2 }])
  })

  it('can never hold where a row that it has written is to be new', () => {
    expect(expectationsOf(['write', null], ['write', 0])).toEqual([{ revision: -1, place: 1 }])
  })
})
