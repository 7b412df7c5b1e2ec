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
    const response = await farebox.handle(withoutSlash(request), {
      waitUntil: (work) => {
        if (!isLeftToNext(work)) pending.push(work)
      },
    })
    await Promise.all(pending)
    return response
  }
  return { GET: handler, POST: handler, DELETE: handler }
}

/** With `trailingSlash` in its configuration Next hands over paths that end in a slash, as no route of the contract does. */
function withoutSlash(request: Request): Request {
  const url = new URL(request.url)
  if (!url.pathname.endsWith('/')) return request
  url.pathname = url.pathname.slice(0, -1)
  return new Request(url, request)
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
