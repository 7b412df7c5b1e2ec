import { type BillingClient, createBillingClient } from '@farebox/core/client'
import type { Snapshot } from '@farebox/core/protocol'
import { mockAnswers } from '../src/testing/mock-answers.ts'

/** What a route answers to a body: a value, or a response of its own, at once or when it is ready. */
export type Answers = Readonly<Record<string, (body: Record<string, unknown>) => object | Promise<object>>>

/** A client on a server that answers as told, else as the mocks do; and the writes that it was sent and the pages it went to. */
export function createBillingServer(answers: Answers, initialSnapshot?: Snapshot): {
  readonly client: BillingClient
  readonly sent: (readonly [route: string, body: unknown])[]
  readonly read: string[]
  readonly visited: string[]
} {
  const sent: (readonly [string, unknown])[] = []
  const read: string[] = []
  const visited: string[] = []
  const others = mockAnswers()
  const client = createBillingClient({
    initialSnapshot,
    navigate: (url) => visited.push(url),
    async fetch(input) {
      const request = new Request(input)
      const { method } = request
      const route = `${method} ${new URL(request.url).pathname.replace('/api/billing', '')}`
      const body = method === 'GET' ? {} : await request.json()
      if (method === 'GET') read.push(route)
      else sent.push([route, body])
      const answer = (await answers[route]?.(body)) ?? others[route] ?? new Response(null, { status: 404 })
      return answer instanceof Response ? answer : Response.json(answer)
    },
  })
  return { client, sent, read, visited }
}
