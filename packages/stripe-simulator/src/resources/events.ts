import { get } from '../get.ts'
import { invalidRequest } from '../errors.ts'
import { isWithin, listPage, type InstantFilter, type PageParameters } from '../responses/paginate.ts'
import { render } from '../responses/render.ts'
import { pageParameters, route, type Routes } from './route.ts'

interface EventFilter extends PageParameters {
  readonly created?: InstantFilter
  readonly type?: string
  readonly types?: readonly string[]
}

export const eventRoutes: Routes = {
  'events.retrieve': route({
    answers: 'event',
    handle: ({ account, id }) => render(account.store, get(account.store.events, id)),
  }),
  'events.list': route<EventFilter>({
    answers: 'event',
    supports: [...pageParameters, 'created', 'type', 'types'],
    handle({ account, parameters }) {
      const { created, type, types } = parameters
      if (type !== undefined && types !== undefined) {
        throw invalidRequest('You may only specify one of these parameters: type, types.', {
          code: 'parameters_exclusive',
          param: 'type',
        })
      }
      const matches = account.store.events
        .newestFirst()
        .filter((event) => isWithin(event.created, created))
        .filter((event) => type === undefined || matchesType(event.type, type))
        .filter((event) => types === undefined || types.includes(event.type))
      return { ...listPage(account.store, account.store.events, matches, parameters, '/v1/events') }
    },
  }),
}

/** `type` may end in a star: `invoice.*`. */
function matchesType(type: string, pattern: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern
}
