import { startChild } from './child.ts'
import type { Group, Sample, Variant } from './variant.ts'

/** A group whose variants have yet to be made. */
export interface Measurement {
  readonly title: string
  readonly makers: readonly [Maker, ...Maker[]]
  readonly scale?: Group['scale']
}

export type Maker = () => Variant | Promise<Variant>

/** What a process with one variant says when it is ready. */
export type IsolatedVariant = Pick<Variant, 'name' | 'goal'>

/**
 * The group with each variant in a process of its own, where the garbage and the object shapes of the others do not slow
 * it down. `module` exports the `measurements`, of which this is the one at `place`.
 */
export async function isolate(module: string, place: number, { title, makers, scale }: Measurement): Promise<Group> {
  const runner = new URL('runner.ts', import.meta.url)
  const start = (index: number) =>
    startChild<IsolatedVariant, Sample>(runner, [module, String(place), String(index)], { flags: ['--expose-gc'] })
  const children = await Promise.all(makers.map((_, index) => start(index)))
  const [floor, ...others] = children.map((child): Variant => ({ ...child.ready, run: (milliseconds) => child.ask(milliseconds) }))
  if (floor === undefined) throw new Error(`${title} has no variants`)
  return {
    title,
    variants: [floor, ...others],
    ...(scale === undefined ? {} : { scale }),
    async close() {
      await Promise.all(children.map((child) => child.close()))
    },
  }
}
