import type { MeteredPass } from '@farebox/core'
import type { Context } from 'hono'
import { isRefused } from './refuse.ts'

/** What `@hono/node-server` answers with: https://hono.dev/docs/getting-started/nodejs#access-the-raw-node-js-apis */
interface NodeAnswer {
  readonly headersSent: boolean
  hasHeader(name: string): boolean
  setHeader(name: string, value: string): unknown
  appendHeader(name: string, value: string): unknown
}

/**
 * Adds header fields to the answer, beside those of other meters. On Node's server they go where it writes them: a
 * response whose fields are touched costs it several times what they are worth.
 */
export function tellLimits(c: Context, fields: MeteredPass['headers']): void {
  const answer = nodeAnswerOf(c)
  for (const name in fields) {
    const value = fields[name]
    if (value === undefined) continue
    if (answer === undefined) append(c, name, value)
    // Node looks at a value twice where it appends the first one.
    else if (answer.hasHeader(name)) answer.appendHeader(name, value)
    else answer.setHeader(name, value)
  }
}

function append(c: Context, name: string, value: string): void {
  try {
    c.res.headers.append(name, value)
  } catch {
    // A response of fetch() or Response.redirect() has fixed header fields; this copies it, which costs more.
    c.header(name, value, { append: true })
  }
}

/**
 * Where Node's server will write this response, if it is its own and shows no such fields itself, as refusals and
 * responses of other servers may. A request that was made within another one has the other one's `env`, and an answer of
 * its own.
 */
function nodeAnswerOf(c: Context): NodeAnswer | undefined {
  const { incoming, outgoing } = Object(c.env) as { readonly incoming?: unknown; readonly outgoing?: unknown }
  if (!isNodeAnswer(outgoing) || outgoing.headersSent || isRefused(c) || c.res.constructor !== Response) return undefined
  return isMadeOf(c.req.raw, incoming) ? outgoing : undefined
}

function isNodeAnswer(value: unknown): value is NodeAnswer {
  return typeof value === 'object' && value !== null && 'headersSent' in value && 'appendHeader' in value && typeof value.appendHeader === 'function'
}

/** Under which Node's server keeps its message in the request that it made of it. It tells nobody, so it is looked for. */
let messageKey: symbol | undefined

function isMadeOf(request: Request, incoming: unknown): boolean {
  if (messageKey === undefined || Reflect.get(request, messageKey) !== incoming) {
    messageKey = Object.getOwnPropertySymbols(request).find((symbol) => Reflect.get(request, symbol) === incoming)
  }
  return messageKey !== undefined
}
