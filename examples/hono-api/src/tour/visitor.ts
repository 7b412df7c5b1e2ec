import type { Problem, Snapshot } from '@farebox/core'
import { decodeJwt } from 'jose'

/** What the tour reads of an answer. */
export interface Answer<Body> {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

/** Someone who uses the app over HTTP, as a browser or a script would, and nothing else. */
export interface Visitor {
  signIn(userId: string): Promise<string>
  quote(token: string): Promise<Answer<Problem>>
  me(token: string): Promise<Answer<Snapshot>>
  post<Body>(path: string, token: string, body: unknown): Promise<Answer<Body>>
  /** Fills in the form of a checkout page, and answers where it leads. */
  pay(page: string): Promise<URL>
  simulator<Body>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Body>
}

export function createVisitor(appUrl: string, simulatorUrl: string): Visitor {
  return {
    async signIn(userId) {
      const headers = { 'content-type': 'application/json' }
      const init = { method: 'POST', headers, body: JSON.stringify({ userId }) }
      return (await ask<{ token: string }>(`${appUrl}/dev/sign-in`, init)).body.token
    },
    quote: (token) => ask(`${appUrl}/api/quote`, { headers: bearer(token) }),
    me: (token) => ask(`${appUrl}/api/billing/me`, { headers: bearer(token) }),
    post: (path, token, body) => ask(`${appUrl}${path}`, { method: 'POST', headers: bearer(token), body: JSON.stringify(body) }),
    async pay(page) {
      const entered = { email: 'tour@example.com', card: '4242 4242 4242 4242', expiry: '12 / 34', cvc: '123', action: 'pay' }
      const response = await fetch(page, { method: 'POST', body: new URLSearchParams(entered), redirect: 'manual' })
      return new URL(response.headers.get('location') ?? '')
    },
    async simulator(method, path, body) {
      const init = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
      const { status, body: answer } = await ask<never>(`${simulatorUrl}${path}`, { method, ...init })
      if (status >= 400) throw new Error(`The simulator answered ${status} to ${method} ${path}`)
      return answer
    },
  }
}

async function ask<Body>(url: string, init: RequestInit): Promise<Answer<Body>> {
  const response = await fetch(url, init)
  // Every shape that is read here is checked by the step that reads it.
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body }
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
}

/** The plan claim in a token. The tour only shows it; who verifies is the app. */
export function planIn(token: string): string {
  const claims = decodeJwt(token)['farebox']
  return typeof claims === 'object' && claims !== null && 'plan' in claims ? String(claims.plan) : 'none'
}
