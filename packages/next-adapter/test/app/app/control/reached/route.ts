import { reached } from '../../billing.ts'

/** What was reached since the last time this was asked. */
export function POST(): Response {
  return Response.json(reached.splice(0))
}
