import { type BillingClient, createBillingClient } from '@farebox/core/client'
import { type Snapshot, problemNameOf } from '@farebox/core/protocol'
import { type MockAnswers, mockAnswers } from './mock-answers.ts'
import { mockSnapshot } from './mock-snapshot.ts'

/** How the server of a {@link createMockClient} behaves: it answers, never answers, or answers 503. */
export type MockServer = 'answers' | 'loading' | 'failing'

/** Options of {@link createMockClient}. */
export interface MockClientOptions {
  /** What the client knows at first; a customer on the free plan unless said otherwise, `null` for nothing. */
  readonly snapshot?: Snapshot | null
  /**
   * What routes answer: `{ 'GET /invoices': { invoices: [], next: null } }`, a problem document with its `status` included; the others
   * answer as {@link mockAnswers} says.
   */
  readonly answers?: MockAnswers
  /** It `answers` unless said otherwise. */
  readonly server?: MockServer
  /** Is told each request that changes something, as `'POST /cancel'`, and its body. */
  readonly onRequest?: (route: string, body: unknown) => void
  /** Is told where the page would go; nothing unless said otherwise. */
  readonly navigate?: (url: string) => void
}

/** A billing client without a network: the same code as the true one, on answers that are made up. */
export function createMockClient(options: MockClientOptions = {}): BillingClient {
  const { snapshot = mockSnapshot(), server = 'answers', onRequest, navigate = () => undefined } = options
  const answers: MockAnswers = { ...mockAnswers(), ...(snapshot && { 'GET /me': snapshot, 'POST /converge': snapshot }), ...options.answers }
  const base = '/api/billing'

  async function answer(input: RequestInfo | URL): Promise<Response> {
    const request = new Request(input)
    const { pathname, search } = new URL(request.url)
    const route = `${request.method} ${pathname.slice(base.length)}`
    if (request.method !== 'GET') onRequest?.(route, await request.json())
    if (server === 'loading') return new Promise(() => undefined)
    const found = answers[route + search] ?? answers[route]
    if (server === 'failing' || !found) return new Response(null, { status: 503 })
    return Response.json(found, problemNameOf(found) === undefined ? {} : { status: Number(Object(found).status) })
  }

  return createBillingClient({ baseUrl: `http://localhost${base}`, fetch: answer, navigate, initialSnapshot: snapshot ?? undefined })
}
