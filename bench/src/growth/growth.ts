import type { ConsumeOperation } from '@farebox/core'
import { type SizedStore, sizedStores } from './sized-store.ts'

const perCall = 250
const month = 30 * 86_400_000
const start = Date.now()

/** How a store bears many customers: the room that a counter takes, and how fast it counts beside its smallest size. */
export async function* growthTables(sizes: readonly number[], milliseconds: number): AsyncGenerator<string> {
  for (const [name, open] of Object.entries(sizedStores)) {
    const store = await open()
    const empty = await store.bytes()
    const lines: string[] = []
    let filled = 0
    let first: number | undefined
    for (const size of sizes) {
      await fill(store, filled, size)
      filled = size
      await countFor(store, size, milliseconds)
      const perSecond = await countFor(store, size, milliseconds)
      first ??= perSecond
      const bytes = ((await store.bytes()) - empty) / size
      lines.push(`| ${size.toLocaleString('en')} | ${bytes.toFixed(0)} | ${Math.round(perSecond).toLocaleString('en')} | ${(perSecond / first).toFixed(2)} |`)
    }
    await store.close()
    yield `### ${name}, one counter for each customer\n\n| customers | bytes each | counts per second | of the smallest |\n| --: | --: | --: | --: |\n${lines.join('\n')}\n`
  }
}

async function fill({ usage }: SizedStore, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index += perCall) {
    const length = Math.min(perCall, to - index)
    await usage.execute(Array.from({ length }, (_, offset) => consumption(index + offset, true)))
  }
}

/** Counts for customers at random, in calls of many, one under way at a time. */
async function countFor({ usage }: SizedStore, size: number, milliseconds: number): Promise<number> {
  const begin = performance.now()
  let counted = 0
  while (performance.now() - begin < milliseconds) {
    const operations = Array.from({ length: perCall }, () => consumption(Math.floor(Math.random() * size), false))
    const outcomes = await usage.execute(operations)
    if (outcomes.some(({ kind }) => kind !== 'taken')) throw new Error('A count was refused')
    counted += perCall
  }
  return (counted * 1000) / (performance.now() - begin)
}

function consumption(customer: number, loaded: boolean): ConsumeOperation {
  return {
    verb: 'consume',
    customer: `customer-${customer}`,
    feature: 'apiCalls',
    amount: 1,
    key: null,
    keyFor: month,
    freshness: { version: 1, validFrom: start - month, validUntil: start + month, loaded },
    gates: [],
    buckets: [{ id: `allowance:${start}`, kind: 'allowance', limit: 1_000_000_000, keepUntil: start + month }],
  }
}
