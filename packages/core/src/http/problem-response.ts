import type { Stop } from './stop.ts'

/** A stop as a `Response`. */
export function problemResponse({ problem, status, headers }: Stop): Response {
  return new Response(JSON.stringify(problem), { status, headers })
}
