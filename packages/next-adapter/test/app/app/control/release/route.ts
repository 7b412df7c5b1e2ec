import { release } from '../../billing.ts'

export function POST(): Response {
  release()
  return new Response(null, { status: 204 })
}
