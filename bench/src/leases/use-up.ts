import type { ServerName } from '../fixtures/store-at.ts'
import { type Child, startChild } from '../harness/child.ts'
import type { Sample, Variant } from '../harness/variant.ts'

/** What one process was granted of a limit, how often it asked the store, and what that cost it. */
export interface Granted {
  readonly granted: number
  readonly calls: number
  readonly cpuMicroseconds: number
}

/** One call of a bare client for each count; Farebox, whose calls travel together; Farebox with leases. */
export type Manner = 'alone' | 'direct' | 'lease'

export interface UseUp {
  readonly name: string
  readonly server: ServerName
  readonly manner: Manner
  readonly processes: number
  readonly limit: number
  readonly goal?: number
  /** The most calls to the store, as a share of what was counted. */
  readonly mostCalls?: number
}

let round = 0

/**
 * Several processes that use up one customer's limit, to the last unit, and the next one's as long as there is time.
 *
 * @throws Error unless they were granted exactly it, or where that took more calls than planned.
 */
export async function useUp(plan: UseUp): Promise<Variant & { close(): Promise<void> }> {
  const worker = new URL('worker.ts', import.meta.url)
  const parameters = [plan.server, plan.manner, String(plan.limit)]
  const start = async (): Promise<Child<boolean, Granted>> => startChild(worker, parameters)
  const children = await Promise.all(Array.from({ length: plan.processes }, start))
  return {
    name: plan.name,
    ...(plan.goal !== undefined && { goal: plan.goal }),
    async run(milliseconds) {
      const counts: Count[] = []
      const end = performance.now() + milliseconds
      do counts.push(await takeAll(plan, children))
      while (performance.now() < end)
      return sampleOf(plan, counts)
    },
    async close() {
      await Promise.all(children.map((child) => child.close()))
    },
  }
}

/** What using up one limit took, all processes together. */
interface Count {
  readonly seconds: number
  readonly calls: number
  readonly cpuMicroseconds: number
}

/** @throws Error unless exactly the limit was granted. */
async function takeAll({ name, limit }: UseUp, children: readonly Child<boolean, Granted>[]): Promise<Count> {
  const customer = `used-up-${process.pid}-${(round += 1)}`
  const begin = performance.now()
  const answers = await Promise.all(children.map((child) => child.ask(customer)))
  const seconds = (performance.now() - begin) / 1000
  const granted = answers.reduce((sum, answer) => sum + answer.granted, 0)
  const calls = answers.reduce((sum, answer) => sum + answer.calls, 0)
  if (granted !== limit) throw new Error(`${name}: ${granted} were granted of ${limit}`)
  return { seconds, calls, cpuMicroseconds: answers.reduce((sum, answer) => sum + answer.cpuMicroseconds, 0) }
}

/** @throws Error where all of it took more calls than planned. */
function sampleOf({ name, limit, mostCalls = Infinity }: UseUp, counts: readonly Count[]): Sample {
  const counted = limit * counts.length
  const calls = counts.reduce((sum, count) => sum + count.calls, 0)
  if (calls > mostCalls * counted) throw new Error(`${name}: ${calls} calls for ${counted}`)
  const seconds = counts.reduce((sum, count) => sum + count.seconds, 0)
  const cpu = counts.reduce((sum, count) => sum + count.cpuMicroseconds, 0)
  return { perSecond: counted / seconds, cpuMicroseconds: cpu / counted }
}
