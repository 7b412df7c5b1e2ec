import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import { billingRoutes, createGates } from '@farebox/hono'
import { Hono } from 'hono'
import type { AppFarebox } from './farebox.ts'
import { quote } from './routes/quote.ts'

/**
 * The app. The first half keeps the promises of billing: leave it as it is. The second half is yours.
 * `development` holds routes that exist only while developing.
 */
export function createApp(farebox: AppFarebox, development: Hono | null): Hono {
  const app = new Hono()
  const { meter } = createGates(farebox)

  // Protected: the routes of Farebox. They read raw bodies, so nothing may stand before them.
  app.route('/api/billing', billingRoutes(farebox))
  if (development !== null) app.route('/dev', development)

  // Yours: every route states its own gate, right where its handler is.
  app.get('/api/quote', meter('apiCalls'), quote)

  app.use('/*', serveStatic({ root: fileURLToPath(new URL('../dist/dashboard', import.meta.url)) }))
  return app
}
