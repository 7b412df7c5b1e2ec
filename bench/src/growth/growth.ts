import { median } from '../harness/statistics.ts'
import type { SizedCounters, SizedPlace } from './sized-counters.ts'
import { sizedMemory } from './sized-memory.ts'
import { sizedPostgres } from './sized-postgres.ts'
import { sizedRedis } from './sized-redis.ts'
import { sizedSqlite } from './sized-sqlite.ts'

interface Sample {
  readonly bytes: number
  readonly perSecond: number
}

const places: Readonly<Record<string, SizedPlace>> = { memory: sizedMemory, sqlite: sizedSqlite, redis: sizedRedis, postgres: sizedPostgres }
const perCall = 250
const turns = 3

/** How a store bears many customers: the room that a counter takes and how fast it counts, beside the least that counting can cost at that size. */
export async function* growthTables(sizes: readonly number[], milliseconds: number): AsyncGenerator<string> {
  for (const [name, place] of Object.entries(places)) {
    const floor = await grow(await place.floor(), sizes, milliseconds)
    const farebox = await grow(await place.farebox(), sizes, milliseconds)
    const ratios = farebox.map(({ perSecond }, index) => perSecond / (floor[index]?.perSecond ?? Number.NaN))
    const lines = sizes.map((size, index) => row(size, farebox[index], floor[index], ratios[index] ?? Number.NaN, ratios[0] ?? Number.NaN))
    yield `### Growth: ${name}, one counter for each customer\n\n${heading}\n${lines.join('\n')}\n`
  }
}

const heading = `| customers | bytes each | floor, bytes each | counts per second | floor, per second | of floor | of that at the smallest |
| --: | --: | --: | --: | --: | --: | --: |`

function row(size: number, farebox: Sample | undefined, floor: Sample | undefined, ratio: number, first: number): string {
  const cells = [
    size.toLocaleString('en'), whole(farebox?.bytes), whole(floor?.bytes), whole(farebox?.perSecond), whole(floor?.perSecond),
    ratio.toPrecision(2), (ratio / first).toFixed(2),
  ]
  return `| ${cells.join(' | ')} |`
}

function whole(value: number | undefined): string {
  return Math.round(value ?? Number.NaN).toLocaleString('en')
}

async function grow(counters: SizedCounters, sizes: readonly number[], milliseconds: number): Promise<Sample[]> {
  const empty = await counters.bytes()
  const samples: Sample[] = []
  let filled = 0
  for (const size of sizes) {
    await fill(counters, filled, size)
    filled = size
    await countFor(counters, size, milliseconds)
    const bytes = ((await counters.bytes()) - empty) / size
    const speeds: number[] = []
    for (let turn = 0; turn < turns; turn += 1) speeds.push(await countFor(counters, size, milliseconds))
    samples.push({ bytes, perSecond: median(speeds) })
  }
  await counters.close()
  return samples
}

async function fill(counters: SizedCounters, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index += perCall) {
    const length = Math.min(perCall, to - index)
    await counters.count(Array.from({ length }, (_, offset) => nameOf(index + offset)), true)
  }
}

/** Counts for customers at random, in calls of many, one under way at a time. */
async function countFor(counters: SizedCounters, size: number, milliseconds: number): Promise<number> {
  const begin = performance.now()
  let counted = 0
  while (performance.now() - begin < milliseconds) {
    await counters.count(Array.from({ length: perCall }, () => nameOf(Math.floor(Math.random() * size))), false)
    counted += perCall
  }
  return (counted * 1000) / (performance.now() - begin)
}

function nameOf(customer: number): string {
  return `customer-${customer}`
}
