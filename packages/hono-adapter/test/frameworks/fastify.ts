import { getRequestListener } from '@hono/node-server'
import Fastify from 'fastify'
import { farebox } from './farebox.ts'

export const app = Fastify()
const billing = getRequestListener((request) => farebox.handle(request))

// A plugin of its own, whose bodies nothing reads.
app.register((routes, _options, done) => {
  routes.removeAllContentTypeParsers()
  routes.addContentTypeParser('*', (_request, _body, read) => read(null))
  routes.all('/api/billing/*', (request, reply) => {
    reply.hijack()
    return billing(request.raw, reply.raw)
  })
  done()
})

app.get('/api/quote', async ({ headers }, reply) => {
  const outcome = await farebox.guard.meter((name) => headers[name]?.toString() ?? null, { feature: 'apiCalls' })
  reply.headers(outcome.headers)
  if (outcome.kind === 'stop') return reply.code(outcome.status).send(JSON.stringify(outcome.problem))
  return { quote: 'A ticket is better than a map.', left: outcome.decision.remaining }
})
