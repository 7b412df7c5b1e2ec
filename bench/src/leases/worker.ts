// One of several processes that use up one limit together. The parent names the server, the manner and the limit in the
// arguments, then customers one after the other; this end says how much it was granted of each. It ends when the parent
// disconnects.
import type { Store, UsageOperation } from '@farebox/core'
import { createCountedApp } from '../fixtures/counted-app.ts'
import { type ServerName, storeAt } from '../fixtures/store-at.ts'
import { type BareCount, bareCount } from './bare-count.ts'
import type { Granted, Manner } from './use-up.ts'

const [serverText = '', mannerText = '', limit = ''] = process.argv.slice(2)
// The parent is this package's own.
const [server, manner] = [serverText as ServerName, mannerText as Manner]
const consumers = 64

let calls = 0
const count = manner === 'alone' ? await bareCount(server, Number(limit)) : await fareboxCount()

process.on('disconnect', () => process.exit())
process.on('message', (customer) => void useUp(String(customer)))
process.send?.(true)

async function useUp(customer: string): Promise<void> {
  let granted = 0
  calls = 0
  const start = process.cpuUsage()
  const consumer = async (): Promise<void> => {
    while (await count(customer)) granted += 1
  }
  await Promise.all(Array.from({ length: consumers }, consumer))
  const { user, system } = process.cpuUsage(start)
  const answer: Granted = { granted, calls, cpuMicroseconds: user + system }
  process.send?.(answer)
}

async function fareboxCount(): Promise<BareCount> {
  const app = createCountedApp(counted(await storeAt(server)), { amount: Number(limit), lease: manner === 'lease' })
  return async (customer) => (await app.consume({ customer, feature: 'apiCalls' })).allowed
}

/** The same store, with its calls counted. */
function counted({ usage, records }: Store): Store {
  const execute = (operations: readonly UsageOperation[]) => {
    calls += 1
    return usage.execute(operations)
  }
  return { usage: { ...usage, execute }, records }
}
