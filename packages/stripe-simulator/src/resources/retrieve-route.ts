import type { Collection } from '../collection.ts'
import { get } from '../get.ts'
import type { StoredObject } from '../objects.ts'
import { render } from '../responses/render.ts'
import type { Store } from '../store.ts'
import { route, type Route } from './route.ts'

/** A route that answers the object of a collection that the path names. */
export function retrieveRoute(name: keyof Store): Route {
  return route({
    handle({ account: { store }, id }) {
      const collection: Collection<StoredObject> = store[name]
      return render(store, get(collection, id))
    },
  })
}
