import type { Farebox } from '@farebox/core'
import { after } from 'next/server.js'

/** What a catch-all `route.ts` exports. */
export type RouteHandlers = Readonly<Record<'GET' | 'POST' | 'DELETE', (request: Request) => Promise<Response>>>

/**
 * Every route of the HTTP contract, for `app/api/billing/[...path]/route.ts`, where `basePath` of `createFarebox` says:
 * `export const { GET, POST, DELETE } = createRouteHandlers(farebox)`. Work that follows an answer is handed to Next's
 * `after`, and awaited where there is none.
 */
export function createRouteHandlers(farebox: Pick<Farebox, 'handle'>): RouteHandlers {
  async function handler(request: Request): Promise<Response> {
    const pending: Promise<unknown>[] = []
    const response = await farebox.handle(request, {
      waitUntil: (work) => {
        if (!isLeftToNext(work)) pending.push(work)
      },
    })
    await Promise.all(pending)
    return response
  }
  return { GET: handler, POST: handler, DELETE: handler }
}

/** `after` throws outside of a request that Next answers. */
function isLeftToNext(work: Promise<unknown>): boolean {
  try {
    after(work)
    return true
  } catch {
    return false
  }
}
