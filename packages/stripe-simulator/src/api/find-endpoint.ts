import { RegExpRouter } from 'hono/router/reg-exp-router'
import { SmartRouter } from 'hono/router/smart-router'
import { TrieRouter } from 'hono/router/trie-router'
import { endpoints, type Endpoint } from './route-table.ts'

/** A published endpoint, and the object that the path names; empty on paths without one. */
export interface FoundEndpoint {
  readonly endpoint: Endpoint
  readonly id: string
}

const router = new SmartRouter<Endpoint>({ routers: [new RegExpRouter(), new TrieRouter()] })
const fixed = new Map<string, FoundEndpoint>()
for (const endpoint of endpoints()) {
  const { method, path } = endpoint
  router.add(method, path.replace(/\{(\w+)\}/g, ':$1'), endpoint)
  if (!path.includes('{')) fixed.set(`${method} ${path}`, { endpoint, id: '' })
}

/** The endpoint of a method and a path; undefined: none is published. */
export function findEndpoint(method: string, path: string): FoundEndpoint | undefined {
  const known = fixed.get(`${method} ${path}`)
  if (known !== undefined) return known
  const [matches, stash] = router.match(method, path)
  const [endpoint, parameters] = matches[0] ?? []
  if (endpoint === undefined) return undefined
  const id = parameters?.['id']
  return { endpoint, id: decoded((typeof id === 'number' ? stash?.[id] : id) ?? '') }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
