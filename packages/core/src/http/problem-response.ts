import { problemMediaType } from '../protocol/problem.ts'
import type { Stop } from './stop.ts'

/** A stop as a `Response`. */
export function problemResponse(stopped: Stop): Response {
  return new Response(JSON.stringify(stopped.problem), {
    status: stopped.status,
    headers: { ...stopped.headers, 'content-type': problemMediaType, 'cache-control': 'no-store' },
  })
}
