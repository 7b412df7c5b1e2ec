import type { StoredObject } from '../objects.ts'
import { isWithin, listPage, type InstantFilter, type PageParameters } from '../responses/paginate.ts'
import type { StoredObjects } from '../store.ts'
import { pageParameters, route, type Route } from './route.ts'

/**
 * A route that lists a collection, newest first. A parameter in `fields` is the value of the field of that name, or the
 * bounds of its instant; `shows` decides the rest, by parameters that `supports` names.
 */
export function listRoute<Name extends keyof StoredObjects, Filter extends object = PageParameters>(
  name: Name,
  { fields, supports = [], shows = () => true }: {
    readonly fields: readonly string[]
    readonly supports?: readonly string[]
    readonly shows?: (object: StoredObjects[Name], filter: Readonly<Filter>) => boolean
  },
): Route {
  return route<Filter & PageParameters & Readonly<Record<string, unknown>>>({
    supports: [...pageParameters, ...fields, ...supports],
    handle({ account: { store }, parameters, path }) {
      const collection = store[name]
      const { customer } = parameters
      const isIndexed = fields.includes('customer') && typeof customer === 'string'
      const matches = (isIndexed ? collection.ofCustomer(customer) : collection.newestFirst())
        .filter((object) => fields.every((field) => isWanted(object[field], parameters[field])) && shows(object, parameters))
      return { ...listPage(store, collection, matches, parameters, path) }
    },
  })
}

function isWanted(value: StoredObject[string], wanted: unknown): boolean {
  if (wanted === undefined || value === wanted) return true
  return isBounds(wanted) && typeof value === 'number' && isWithin(value, wanted)
}

function isBounds(wanted: unknown): wanted is Exclude<InstantFilter, number> {
  return typeof wanted === 'object'
}
