import { getRequestListener } from '@hono/node-server'
import Koa from 'koa'
import { farebox } from './farebox.ts'

export const app = new Koa()
const billing = getRequestListener((request) => farebox.handle(request))

// Before a body parser.
app.use(async (context, next) => {
  if (!context.path.startsWith('/api/billing/')) return next()
  context.respond = false
  await billing(context.req, context.res)
})

app.use(async (context) => {
  const outcome = await farebox.guard.meter((name) => context.get(name) || null, { feature: 'apiCalls' })
  context.set(outcome.headers)
  if (outcome.kind === 'stop') {
    context.status = outcome.status
    context.body = JSON.stringify(outcome.problem)
  } else {
    context.body = { quote: 'A ticket is better than a map.', left: outcome.decision.remaining }
  }
})
