import type * as Refusals from './explain-refusal.ts'
import type { MaybePromise } from './maybe-promise.ts'

let known: typeof Refusals | undefined

/** Goes on with what explains refusals: loaded at the first of them, at hand from then on. */
export function onRefusal<Answer>(explain: (use: typeof Refusals) => Answer): MaybePromise<Answer> {
  return known === undefined ? import('./explain-refusal.ts').then((loaded) => explain((known = loaded))) : explain(known)
}
