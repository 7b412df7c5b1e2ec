import { createTestClock, deleteTestClock, startAdvancing } from '../lifecycle/due/test-clock.ts'
import { render } from '../responses/render.ts'
import { listRoute } from './list-route.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { route, type Routes } from './route.ts'

export const testClockRoutes: Routes = {
  'test-helpers-test-clocks.create': route<{ readonly frozen_time: number; readonly name?: string }>({
    supports: ['frozen_time', 'name'],
    handle: ({ account, parameters: { frozen_time, name } }) =>
      render(account.store, createTestClock(account, frozen_time, name ?? null)),
  }),
  'test-helpers-test-clocks.retrieve': retrieveRoute('testClocks'),
  'test-helpers-test-clocks.advance': route<{ readonly frozen_time: number }>({
    supports: ['frozen_time'],
    handle: ({ account, id, parameters }) => render(account.store, startAdvancing(account, id, parameters.frozen_time)),
  }),
  'test-helpers-test-clocks.del': route({
    handle({ account, id }) {
      deleteTestClock(account, id)
      return { id, object: 'test_helpers.test_clock', deleted: true }
    },
  }),
  'test-helpers-test-clocks.list': listRoute('testClocks', { fields: [] }),
}
