import type { Farebox } from '@farebox/core'
import { type Context, Hono } from 'hono'

/**
 * Every route of the HTTP contract, to be mounted where `basePath` of `createFarebox` says: `app.route('/api/billing',
 * billingRoutes(farebox))`. The body reaches Farebox unread, as webhook signatures need. Work that follows an answer is
 * handed to the runtime's `waitUntil`, and awaited where there is none.
 */
export function billingRoutes(farebox: Pick<Farebox, 'handle'>): Hono {
  return new Hono().all('/*', (c) => {
    const waitUntil = waitUntilOf(c)
    return farebox.handle(c.req.raw, waitUntil === undefined ? {} : { waitUntil })
  })
}

/** Hono throws where the runtime gave no execution context. */
function waitUntilOf(c: Context): ((work: Promise<unknown>) => void) | undefined {
  try {
    const { executionCtx } = c
    return (work) => executionCtx.waitUntil(work)
  } catch {
    return undefined
  }
}
