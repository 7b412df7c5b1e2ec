import type { CollectionName } from '../../ports/record-store.ts'
import type { CheckedWrite } from '../../storage/records/check-records.ts'

/** What must be there before a commit. */
export interface Expectation {
  readonly collection: CollectionName
  readonly id: string
  /** 0 for a row that is not there; -1 where the commit contradicts itself, so that nothing fits. */
  readonly revision: number
  /** The place of the write that expects it. */
  readonly place: number
}

/** A row as a commit leaves it. */
export interface StagedRow {
  readonly collection: CollectionName
  readonly id: string
  /** It is deleted at first: in the end or before it is written anew. */
  readonly isDeleted: boolean
  /** How many times it is written after that. */
  readonly writes: number
  readonly value: CheckedWrite['value']
}

/** A commit as what must hold before it and what is there after it, each row once. */
export interface StagedCommit {
  readonly expectations: readonly Expectation[]
  readonly rows: readonly StagedRow[]
}

/** A row that was written before in the same commit is expected as that write left it. */
export function stageCommit(writes: readonly CheckedWrite[]): StagedCommit {
  const expectations: Expectation[] = []
  const rows = new Map<string, StagedRow>()
  for (const [place, { collection, id, expect, value }] of writes.entries()) {
    const slot = `${collection}:${id}`
    const staged = rows.get(slot) ?? { collection, id, isDeleted: false, writes: 0, value: null }
    if (expect !== null) {
      // After a deletion the revision is known; before one it is that of the stored row and one more for each write.
      const before = staged.isDeleted ? staged.writes : expect - staged.writes
      if (staged.isDeleted && expect !== before) expectations.push({ collection, id, revision: -1, place })
      if (!staged.isDeleted) expectations.push({ collection, id, revision: Math.max(before, -1), place })
    }
    rows.set(slot, value === null ? { ...staged, isDeleted: true, writes: 0, value } : { ...staged, writes: staged.writes + 1, value })
  }
  return { expectations, rows: [...rows.values()] }
}
