import { Hono } from 'hono'
import { apiVersion } from './api-version.ts'
import { answerRequest } from './api/answer-request.ts'
import { refusal, respond, toResponse } from './api/answer.ts'
import { apiRequestOf } from './api/api-request.ts'
import { controlRoutes } from './control/control-routes.ts'
import { unsupported } from './errors.ts'
import { pageRoutes } from './pages/page-routes.ts'
import type { Simulation } from './simulation.ts'

/** All routes. The parts of the simulator that answers come with each request, so simulators can share the routes. */
export function createApp(): Hono<{ Bindings: Simulation }> {
  const app = new Hono<{ Bindings: Simulation }>()
  for (const path of ['/v1/*', '/v2/*']) {
    app.all(path, async (context) => toResponse(await answerRequest(context.env, apiRequestOf(context.req.raw))))
  }
  app.route('/_', controlRoutes())
  app.route('/', pageRoutes())
  app.notFound((context) => {
    const { method, path } = context.req
    return toResponse(respond(refusal(unsupported(`${method} ${path}`)), context.env.account.identifiers.next('req'), apiVersion))
  })
  return app
}
