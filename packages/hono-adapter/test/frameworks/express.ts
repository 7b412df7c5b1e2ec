import { getRequestListener } from '@hono/node-server'
import express from 'express'
import { farebox } from './farebox.ts'

export const app = express()

// Before express.json(), and not with app.use, which cuts the path off.
app.all('/api/billing/*path', getRequestListener((request) => farebox.handle(request)))

app.use(express.json())

app.get('/api/quote', async (request, response) => {
  const outcome = await farebox.guard.meter((name) => request.get(name) ?? null, { feature: 'apiCalls' })
  response.set(outcome.headers)
  if (outcome.kind === 'stop') response.status(outcome.status).end(JSON.stringify(outcome.problem))
  else response.json({ quote: 'A ticket is better than a map.', left: outcome.decision.remaining })
})
