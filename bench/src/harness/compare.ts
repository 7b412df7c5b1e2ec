import { setImmediate } from 'node:timers/promises'
import { median, shuffled } from './statistics.ts'
import type { Group, Sample, Variant } from './variant.ts'

/** How long it is measured. */
export interface Plan {
  readonly rounds: number
  /** Of one run of one variant. */
  readonly milliseconds: number
}

/** A variant beside the floor, over all rounds. */
export interface Row {
  readonly name: string
  readonly goal: number | undefined
  /** Operations per second over those of the floor in the same round: median, smallest, largest. */
  readonly ratio: { readonly median: number; readonly smallest: number; readonly largest: number }
  /** Processor time over that of the floor in the same round, median. */
  readonly cpuRatio: number
  /** Medians over the rounds. */
  readonly cpuMicroseconds: number
  readonly perSecond: number
  readonly latency: { readonly p50: number; readonly p99: number } | undefined
}

/**
 * Runs every variant once in each round, in a new order each time, after a round that does not count. What disturbs the
 * machine then disturbs all variants alike, and ratios within a round stay true while speeds do not.
 */
export async function compare({ variants, scale = { run: 1, warmUp: 1 } }: Group, plan: Plan): Promise<readonly Row[]> {
  for (const variant of shuffled(variants)) await variant.run(plan.milliseconds * scale.warmUp)
  const rounds: ReadonlyMap<Variant, Sample>[] = []
  for (let round = 0; round < plan.rounds; round += 1) {
    const samples = new Map<Variant, Sample>()
    for (const variant of shuffled(variants)) {
      globalThis.gc?.()
      await setImmediate()
      samples.set(variant, await variant.run(plan.milliseconds * scale.run))
    }
    rounds.push(samples)
  }
  const [floor] = variants
  return variants.map((variant) => rowOf(variant, rounds.map((samples) => pairOf(samples, variant, floor))))
}

interface Pair {
  readonly own: Sample
  readonly floor: Sample
}

function pairOf(samples: ReadonlyMap<Variant, Sample>, variant: Variant, floorVariant: Variant): Pair {
  const own = samples.get(variant)
  const floor = samples.get(floorVariant)
  if (own === undefined || floor === undefined) throw new Error(`${variant.name} was left out of a round`)
  return { own, floor }
}

function rowOf(variant: Variant, pairs: readonly Pair[]): Row {
  const ratios = pairs.map(({ own, floor }) => own.perSecond / floor.perSecond)
  const latencies = pairs.flatMap(({ own }) => own.latency ?? [])
  return {
    name: variant.name,
    goal: variant.goal,
    ratio: { median: median(ratios), smallest: Math.min(...ratios), largest: Math.max(...ratios) },
    cpuRatio: median(pairs.map(({ own, floor }) => own.cpuMicroseconds / floor.cpuMicroseconds)),
    cpuMicroseconds: median(pairs.map(({ own }) => own.cpuMicroseconds)),
    perSecond: median(pairs.map(({ own }) => own.perSecond)),
    latency:
      latencies.length === 0
        ? undefined
        : { p50: median(latencies.map(({ p50 }) => p50)), p99: median(latencies.map(({ p99 }) => p99)) },
  }
}
