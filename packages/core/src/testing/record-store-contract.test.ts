import { describe, expect, it } from 'vitest'
import type { RecordStore } from '../ports/record-store.ts'
import { brokenRecords } from './broken-stores/broken-records.ts'
import { recordStoreContract } from './record-store-contract.ts'

/** Names of the rules that a store breaks. */
async function brokenRules(create: () => RecordStore): Promise<readonly string[]> {
  const broken: string[] = []
  for (const rule of recordStoreContract({ create: () => ({ store: create() }) })) {
    try {
      await rule.run()
    } catch {
      broken.push(rule.name)
    }
  }
  return broken
}

describe('the record contract', () => {
  it.each(brokenRecords)('finds a store that $fault', async ({ create, caughtBy }) => {
    expect(await brokenRules(create)).toContain(caughtBy)
  })
})
