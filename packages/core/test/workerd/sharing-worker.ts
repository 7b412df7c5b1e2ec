import { jwtAuth } from '../../src/drivers/jose/index.ts'
import { postgresStore } from '../../src/drivers/postgres/index.ts'
import { type Convergence, createConvergences } from '../../src/use-cases/converging/coalesce-convergence.ts'

/** A database that is reached by HTTP, as Neon's is: each query is I/O of the request that makes it. */
const client = {
  async query(text: string): Promise<readonly unknown[]> {
    await fetch('https://elsewhere.example.com/')
    const answer = text.includes('farebox.commit_') ? { answers: '[null]' } : { rows: '[]' }
    return [{ now: 1, ...answer }]
  },
}
const { records } = postgresStore({ client })
const convergences = createConvergences()

const auth = jwtAuth({
  issuer: 'https://issuer.example.com',
  audience: 'api',
  algorithms: ['RS256'],
  keys: { jwksUrl: 'https://elsewhere.example.com/keys' },
})
const encode = (part: object): string => btoa(JSON.stringify(part)).replaceAll('=', '')
const token = [encode({ alg: 'RS256', kid: 'unknown' }), encode({ sub: 'user_1' }), 'A'.repeat(342)].join('.')

const applied: Convergence = {
  kind: 'applied',
  records: { customer: 'user_1', version: 1, createdAt: 0, subscriptions: [], grants: [], overrides: [] },
  settled: new Map(),
  isPending: false,
}

async function askElsewhere(): Promise<Convergence> {
  await fetch('https://elsewhere.example.com/')
  return applied
}

const work: Readonly<Record<string, () => Promise<unknown>>> = {
  load: async () => records.load('user_1', ['customers']),
  commit: async () => records.commit('user_1', [{ collection: 'cooldowns', id: 'stripe', value: null }]),
  join: async () => convergences.join('user_1', 'subscriptions', askElsewhere),
  share: async () => convergences.share('checkout', askElsewhere),
  verify: async () => Promise.resolve(token).then(async (text) => auth.verifier.verify(text)).catch((error: unknown) => String(error)),
}

/**
 * Does the work that the path names, with parts that all requests of the isolate share; with `?leave` it begins the work
 * and goes, as a request does whose caller hangs up.
 */
export const worker = {
  async fetch(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url)
    const begin = work[pathname.slice(1)]
    if (begin === undefined) return new Response('There is no such work', { status: 404 })
    const done = begin()
    return Response.json(search === '?leave' ? null : await done)
  },
}
