import { missingResource } from '../errors.ts'
import { findThinEvent, renderThinEvent, thinEventsOf } from '../events/thin-events.ts'
import { listPageOfV2, type PageParametersOfV2 } from '../responses/paginate-v2.ts'
import { route, type Routes } from './route.ts'

interface EventFilter extends PageParametersOfV2 {
  readonly object_id?: string
  readonly types?: readonly string[]
}

export const thinEventRoutes: Routes = {
  'v2-core-events.retrieve': route({
    answers: 'v2.core.event',
    isShaped: true,
    handle({ account, id }) {
      const thin = findThinEvent(account.store, id)
      if (thin === undefined) throw missingResource('event', id)
      return renderThinEvent(thin)
    },
  }),
  'v2-core-events.list': route<EventFilter>({
    answers: 'v2.core.event',
    isShaped: true,
    supports: ['limit', 'object_id', 'page', 'types'],
    handle({ account, parameters }) {
      const { object_id, types } = parameters
      const found = account.store.events
        .newestFirst()
        .filter((event) => object_id === undefined || event.internal.subject.id === object_id)
        .flatMap((event) => thinEventsOf(event).toReversed())
        .filter(({ type }) => types === undefined || types.includes(type))
      return listPageOfV2(found, parameters, '/v2/core/events', renderThinEvent)
    },
  }),
}
