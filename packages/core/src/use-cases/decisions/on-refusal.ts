import type { MaybePromise } from '../maybe-promise.ts'
import type * as Refusals from './explain-refusal.ts'

let known: typeof Refusals | undefined

/**
 * Goes on with what explains refusals: loaded at the first of them, at hand from then on. Where it cannot be loaded, as after a
 * deployment that took its file away, `unexplained` has the answer.
 */
export function onRefusal<Answer>(explain: (use: typeof Refusals) => Answer, unexplained: () => Answer): MaybePromise<Answer> {
  return known === undefined ? import('./explain-refusal.ts').then((loaded) => explain((known = loaded)), unexplained) : explain(known)
}
