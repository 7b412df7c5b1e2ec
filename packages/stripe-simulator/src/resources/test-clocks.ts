import { createTestClock, deleteTestClock, startAdvancing } from '../lifecycle/test-clock.ts'
import { get } from '../get.ts'
import { listPage, type PageParameters } from '../responses/paginate.ts'
import { render } from '../responses/render.ts'
import { pageParameters, route, type Routes } from './route.ts'

export const testClockRoutes: Routes = {
  'test-helpers-test-clocks.create': route<{ readonly frozen_time: number; readonly name?: string }>({
    answers: 'test_helpers.test_clock',
    supports: ['frozen_time', 'name'],
    handle: ({ account, parameters: { frozen_time, name } }) =>
      render(account.store, createTestClock(account, frozen_time, name ?? null)),
  }),
  'test-helpers-test-clocks.retrieve': route({
    answers: 'test_helpers.test_clock',
    handle: ({ account, id }) => render(account.store, get(account.store.testClocks, id)),
  }),
  'test-helpers-test-clocks.advance': route<{ readonly frozen_time: number }>({
    answers: 'test_helpers.test_clock',
    supports: ['frozen_time'],
    handle: ({ account, id, parameters }) => render(account.store, startAdvancing(account, id, parameters.frozen_time)),
  }),
  'test-helpers-test-clocks.del': route({
    handle({ account, id }) {
      deleteTestClock(account, id)
      return { id, object: 'test_helpers.test_clock', deleted: true }
    },
  }),
  'test-helpers-test-clocks.list': route<PageParameters>({
    answers: 'test_helpers.test_clock',
    supports: pageParameters,
    handle({ account, parameters }) {
      const { testClocks } = account.store
      return { ...listPage(account.store, testClocks, testClocks.newestFirst(), parameters, '/v1/test_helpers/test_clocks') }
    },
  }),
}
