import { quantile } from './statistics.ts'
import type { Sample, Variant } from './variant.ts'

interface Calls<Answer> {
  readonly name: string
  readonly goal?: number
  /** `count` grows by one with each call. */
  readonly call: (count: number) => Answer
  /** Whether an answer is right. Asked before and after each run, so that nothing wrong is ever timed. */
  readonly isRight: (answer: Awaited<Answer>) => boolean
}

const callsBetweenLooks = 64

/** A function that answers at once. */
export function direct<Answer>({ name, goal, call, isRight }: Calls<Answer>): Variant {
  let count = 0
  return {
    name,
    ...(goal === undefined ? {} : { goal }),
    async run(milliseconds) {
      require(name, isRight(await call(count)))
      const watch = startWatch(milliseconds)
      const first = (count += 1)
      do {
        for (let index = 0; index < callsBetweenLooks; index += 1) call(count + index)
        count += callsBetweenLooks
      } while (!watch.isOver())
      const sample = watch.stop(count - first)
      require(name, isRight(await call(count)))
      return sample
    },
  }
}

/** A function whose answer is awaited, by as many callers as are in flight at any time. */
export function awaited<Answer>({ name, goal, call, isRight }: Calls<Answer>, inFlight = 1): Variant {
  const looks = Math.max(1, callsBetweenLooks / inFlight)
  let count = 0
  return {
    name,
    ...(goal === undefined ? {} : { goal }),
    async run(milliseconds) {
      require(name, isRight(await call(count)))
      const first = (count += 1)
      const watch = startWatch(milliseconds)
      const caller = async (): Promise<void> => {
        do {
          for (let index = 0; index < looks; index += 1) await call(count++)
        } while (!watch.isOver())
      }
      await Promise.all(Array.from({ length: inFlight }, caller))
      const sample = watch.stop(count - first)
      require(name, isRight(await call(count)))
      return sample
    },
  }
}

/**
 * As {@link awaited}, for calls that leave the process: each one is timed by itself, so that the slowest are shown beside
 * how many there are.
 */
export function timed<Answer>({ name, goal, call, isRight }: Calls<Answer>, inFlight: number): Variant {
  let count = 0
  return {
    name,
    ...(goal === undefined ? {} : { goal }),
    async run(milliseconds) {
      require(name, isRight(await call(count++)))
      const lengths: number[] = []
      const watch = startWatch(milliseconds)
      const caller = async (): Promise<void> => {
        do {
          const start = performance.now()
          await call(count++)
          lengths.push(performance.now() - start)
        } while (!watch.isOver())
      }
      await Promise.all(Array.from({ length: inFlight }, caller))
      const sample = watch.stop(lengths.length)
      require(name, isRight(await call(count++)))
      return { ...sample, latency: { p50: quantile(lengths, 0.5), p99: quantile(lengths, 0.99) } }
    },
  }
}

function require(name: string, condition: boolean): void {
  if (!condition) throw new Error(`${name}: the answer is wrong`)
}

function startWatch(milliseconds: number): { isOver(): boolean; stop(operations: number): Sample } {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const end = start + milliseconds
  return {
    isOver: () => performance.now() >= end,
    stop(operations) {
      const seconds = (performance.now() - start) / 1000
      const { user, system } = process.cpuUsage(cpu)
      return { perSecond: operations / seconds, cpuMicroseconds: (user + system) / operations }
    },
  }
}
