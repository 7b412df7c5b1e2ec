import type { Collection } from '../collection.ts'
import { invalidRequest, missingResource } from '../errors.ts'
import type { StoredObject } from '../objects.ts'
import { get } from '../get.ts'
import { render, type Rendered, type RenderedList } from './render.ts'
import type { Store } from '../store.ts'

/** Parameters that every list takes. */
export interface PageParameters {
  readonly limit?: number
  readonly starting_after?: string
  readonly ending_before?: string
}

/** Bounds on an instant in seconds, or the instant itself. */
export type InstantFilter =
  number | { readonly gt?: number; readonly gte?: number; readonly lt?: number; readonly lte?: number }

/**
 * One page of `matches` (newest first): 10 objects unless `limit` says otherwise, at most 100. A cursor may be any
 * object of the collection, also one that the filter leaves out; an unknown cursor is refused.
 */
export function pageOf<Stored extends StoredObject>(
  collection: Collection<Stored>,
  matches: readonly Stored[],
  page: PageParameters,
): { readonly data: readonly Stored[]; readonly has_more: boolean } {
  const limit = readLimit(page)
  if (page.ending_before !== undefined) {
    const end = collection.position(get(collection, page.ending_before, 'ending_before').id)
    const newer = matches.filter((match) => collection.position(match.id) > end)
    return { data: newer.slice(-limit), has_more: newer.length > limit }
  }
  let rest = matches
  if (page.starting_after !== undefined) {
    const start = collection.position(get(collection, page.starting_after, 'starting_after').id)
    rest = matches.filter((match) => collection.position(match.id) < start)
  }
  return { data: rest.slice(0, limit), has_more: rest.length > limit }
}

/** One page of the objects that another object holds, oldest first, as Stripe answers lists. */
export function listHeld(
  held: readonly (Rendered & { readonly id: string })[],
  noun: string,
  page: PageParameters,
  url: string,
): Rendered {
  const limit = readLimit(page)
  const indexOf = (id: string, param: string): number => {
    const index = held.findIndex((object) => object.id === id)
    if (index < 0) throw missingResource(noun, id, param)
    return index
  }
  if (page.ending_before !== undefined) {
    const earlier = held.slice(0, indexOf(page.ending_before, 'ending_before'))
    return { object: 'list', data: earlier.slice(-limit), has_more: earlier.length > limit, url }
  }
  const start = page.starting_after === undefined ? 0 : indexOf(page.starting_after, 'starting_after') + 1
  const rest = held.slice(start)
  return { object: 'list', data: rest.slice(0, limit), has_more: rest.length > limit, url }
}

/** One page, rendered as Stripe answers lists. */
export function listPage<Stored extends StoredObject>(
  store: Store,
  collection: Collection<Stored>,
  matches: readonly Stored[],
  page: PageParameters,
  url: string,
): RenderedList {
  const { data, has_more } = pageOf(collection, matches, page)
  return { object: 'list', data: data.map((object) => render(store, object)), has_more, url }
}

function readLimit(page: PageParameters): number {
  const limit = page.limit ?? 10
  if (limit < 1 || limit > 100) {
    const message = `Invalid limit: must be between 1 and 100`
    throw invalidRequest(message, { code: 'parameter_invalid_integer', param: 'limit' })
  }
  if (page.starting_after !== undefined && page.ending_before !== undefined) {
    throw invalidRequest('You cannot parameterize both starting_after and ending_before.', { param: 'starting_after' })
  }
  return limit
}

/** Whether an instant passes a filter such as `created`; no filter lets all pass. */
export function isWithin(instant: number, filter: InstantFilter | undefined): boolean {
  if (filter === undefined) return true
  if (typeof filter === 'number') return instant === filter
  return (
    (filter.gt === undefined || instant > filter.gt) &&
    (filter.gte === undefined || instant >= filter.gte) &&
    (filter.lt === undefined || instant < filter.lt) &&
    (filter.lte === undefined || instant <= filter.lte)
  )
}
