// One of several processes that use up one limit together. The parent names the server and the manner in the arguments,
// then customers one after the other; this end says how much it was granted of each. It ends when the parent disconnects.
import type { Store, UsageOperation } from '@farebox/core'
import { createCountedApp } from '../fixtures/counted-app.ts'
import { type ServerName, storeAt } from '../fixtures/store-at.ts'
import type { Granted } from './use-up.ts'

const [server = 'redis', manner = 'direct', amount = '1'] = process.argv.slice(2)
const consumers = 64

let calls = 0
const store = counted(await storeAt(server as ServerName))
const app = createCountedApp(store, { amount: Number(amount), lease: manner === 'lease' })

process.on('disconnect', () => process.exit())
process.on('message', (customer) => void useUp(String(customer)))
process.send?.(true)

async function useUp(customer: string): Promise<void> {
  let granted = 0
  calls = 0
  const consumer = async (): Promise<void> => {
    for (;;) {
      const { allowed } = await app.consume({ customer, feature: 'apiCalls' })
      if (!allowed) return
      granted += 1
    }
  }
  await Promise.all(Array.from({ length: consumers }, consumer))
  const answer: Granted = { granted, calls }
  process.send?.(answer)
}

/** The same store, with its calls counted. */
function counted({ usage, records }: Store): Store {
  const execute = (operations: readonly UsageOperation[]) => {
    calls += 1
    return usage.execute(operations)
  }
  return { usage: { ...usage, execute }, records }
}
