import { type BillingClient, createBillingClient } from '@farebox/core/client'
import { mockSnapshot } from '../src/testing/mock-snapshot.ts'

/** A server that knows by a cookie who asks: what it answers names them. */
export interface People {
  readonly requests: string[]
  readonly signIn: (customer: string | null) => void
  readonly client: () => BillingClient
}

export function createPeople(): People {
  const requests: string[] = []
  let customer: string | null = null
  async function fetch(input: RequestInfo | URL): Promise<Response> {
    const { method, url } = new Request(input)
    const route = `${method} ${new URL(url).pathname.replace('/api/billing', '')}`
    requests.push(route)
    if (customer === null) return Response.json({ type: '/problems/unauthenticated', title: '', status: 401 }, { status: 401 })
    if (route === 'GET /seats') {
      return Response.json({ seats: { [`${customer}'s seats`]: { used: 1, limit: 5, remaining: 4, members: [] } } })
    }
    return Response.json(mockSnapshot({ customer, planName: `${customer}'s plan` }))
  }
  return { requests, signIn: (name) => (customer = name), client: () => createBillingClient({ fetch, navigate: () => undefined }) }
}
