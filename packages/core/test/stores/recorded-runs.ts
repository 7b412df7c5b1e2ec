import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, it } from 'vitest'
import type { ContractCase } from '../../src/testing/contract-case.ts'
import type { StoreLabel } from '../../src/ports/usage-store.ts'

/** One run of a contract suite, for the table in the README, which `tools/store-table.mjs` writes from all of them. */
export interface ContractRun {
  /** The driver's name in its import path. */
  readonly store: string
  /** What it ran over, as a reader would call it; empty where there is nothing to choose. */
  readonly client: string
  readonly port: 'usage' | 'records'
  readonly label: StoreLabel
}

const folder = fileURLToPath(new URL('../../../../node_modules/.cache/stores/', import.meta.url))

/** Writes down how many rules of how many a store has kept. */
function recordContractRun(run: ContractRun, passed: number, rules: number): void {
  const name = `${run.store}.${run.client}.${run.port}`.replaceAll(/[^\w.-]/g, '-')
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}${name}.json`, JSON.stringify({ ...run, passed, rules }))
}

/** A test for each rule, and a note of how many of them held. */
export function describeContract(run: Omit<ContractRun, 'label'>, rules: readonly ContractCase[], labelOf: () => StoreLabel): void {
  describe(`the ${run.port} contract`, () => {
    let passed = 0
    it.each(rules)('$name', async (rule) => {
      await rule.run()
      passed += 1
    })
    afterAll(() => recordContractRun({ ...run, label: labelOf() }, passed, rules.length))
  })
}
