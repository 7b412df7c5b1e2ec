import { allowance, createFarebox, defineCatalog, metered } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { sessionAuth } from '@farebox/core/drivers/session'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }) },
  plans: { free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } } },
})

export const farebox = createFarebox({
  catalog,
  store: memoryStore(),
  // To try it out, whoever asks is whoever they say.
  auth: sessionAuth({ find: (token) => (process.env['NODE_ENV'] === 'production' ? null : { subject: token }) }),
})
