import { get } from '../get.ts'
import { exclusiveParameters } from '../errors.ts'
import { isWithin, pageOf, type InstantFilter, type PageParameters } from '../responses/paginate.ts'
import { renderEvent } from '../responses/render-event.ts'
import { isThinOnly } from '../events/thin-events.ts'
import { pageParameters, route, type Routes } from './route.ts'

interface EventFilter extends PageParameters {
  readonly created?: InstantFilter
  readonly type?: string
  readonly types?: readonly string[]
}

export const eventRoutes: Routes = {
  'events.retrieve': route({
    answers: 'event',
    isShaped: true,
    handle: ({ account, id }) => renderEvent(account.store, get(account.store.events, id)),
  }),
  'events.list': route<EventFilter>({
    answers: 'event',
    isShaped: true,
    supports: [...pageParameters, 'created', 'type', 'types'],
    handle({ account, parameters }) {
      const { created, type, types } = parameters
      if (type !== undefined && types !== undefined) {
        throw exclusiveParameters(['type', 'types'])
      }
      const matches = account.store.events
        .newestFirst()
        .filter((event) => !isThinOnly(event))
        .filter((event) => isWithin(event.created, created))
        .filter((event) => type === undefined || matchesType(event.type, type))
        .filter((event) => types === undefined || types.includes(event.type))
      const { data, has_more } = pageOf(account.store.events, matches, parameters)
      return { object: 'list', data: data.map((event) => renderEvent(account.store, event)), has_more, url: '/v1/events' }
    },
  }),
}

/** `type` may end in a star: `invoice.*`. */
function matchesType(type: string, pattern: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern
}
