import { Hono } from 'hono'
import { apiVersion } from './api-version.ts'
import { answerRequest } from './api/answer-request.ts'
import { refusal, respond } from './api/answer.ts'
import { endpoints } from './api/route-table.ts'
import { controlRoutes } from './control/control-routes.ts'
import { unsupported } from './errors.ts'
import { pageRoutes } from './pages/page-routes.ts'
import type { Simulation } from './simulation.ts'

/** All routes. The parts of the simulator that answers come with each request, so simulators can share the routes. */
export function createApp(): Hono<{ Bindings: Simulation }> {
  const app = new Hono<{ Bindings: Simulation }>()
  for (const endpoint of endpoints()) {
    app.on(endpoint.method, endpoint.path.replace(/\{(\w+)\}/g, ':$1'), (context) =>
      answerRequest(context.env, context.req.raw, endpoint, context.req.param('id') ?? ''),
    )
  }
  app.route('/_', controlRoutes())
  app.route('/', pageRoutes())
  app.notFound((context) => {
    const { method, path } = context.req
    return respond(refusal(unsupported(`${method} ${path}`)), context.env.account.identifiers.next('req'), apiVersion)
  })
  return app
}
