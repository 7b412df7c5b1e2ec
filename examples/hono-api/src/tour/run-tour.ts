import { setTimeout as pause } from 'node:timers/promises'
import type { Environment } from '../environment.ts'
import { type Transcript, createTranscript, promised } from './transcript.ts'
import { type Visitor, createVisitor, planIn } from './visitor.ts'

export interface TourOptions extends Environment {
  /** One JSON document at the end instead of a transcript. */
  readonly json: boolean
}

/** Deliveries are signed over real time and sent over real HTTP, so their arrival is awaited; at most this long. */
const patience = { tries: 200, milliseconds: 50 }

/** Plays the whole story over HTTP and tells whether every step was as promised. */
export async function runTour(options: TourOptions): Promise<boolean> {
  if (!options.isDevelopment || options.stripe !== null || options.clerk !== null) {
    console.error('The tour plays on stand-ins: run it by `npm start -- --tour`, without keys of Stripe and Clerk')
    return false
  }
  const visitor = createVisitor(`http://127.0.0.1:${options.port}`, `http://127.0.0.1:${options.simulatorPort}`)
  const transcript = createTranscript(options.json ? () => undefined : (line) => console.log(line))
  const isAsPromised = await story(transcript, visitor).then(() => true, () => false)
  const { steps } = transcript
  if (options.json) console.log(JSON.stringify({ isAsPromised, steps }, null, 2))
  else console.log(`\n${isAsPromised ? 'Every step was as promised.' : 'A step was not as promised.'}`)
  return isAsPromised
}

async function story(tour: Transcript, visitor: Visitor): Promise<void> {
  const user = 'user_tour'
  const freeToken = await tour.step('A new user signs in, and is on the free plan', async (saw) => {
    const token = await visitor.signIn(user)
    const { body } = await visitor.me(token)
    promised('plan', [body.plan, planIn(token)], ['free', 'free'])
    promised('limit', body.usage['apiCalls']?.limit, 5)
    saw(`plan claim in the token: ${planIn(token)}, ${body.usage['apiCalls']?.used} of ${body.usage['apiCalls']?.limit} calls used`)
    return token
  })

  await tour.step('Five calls pass, and each says what is left', async (saw) => {
    for (let call = 1; call <= 5; call += 1) {
      const { status, headers } = await visitor.quote(freeToken)
      promised(`call ${call}`, status, 200)
      saw(`GET /api/quote  200  RateLimit: ${headers.get('ratelimit')}`)
    }
  })

  await tour.step('The sixth is refused with an answer that explains itself', async (saw) => {
    const { status, headers, body } = await visitor.quote(freeToken)
    promised('status and reason', [status, body.type], [429, '/problems/quota-exceeded'])
    promised('what would lift the limit', body.lift, { plan: 'pro', limit: 500 })
    saw(`GET /api/quote  429  ${headers.get('content-type')}  Retry-After: ${headers.get('retry-after')}`)
    saw(`${body.title}: ${body.used} of ${body.limit} used until ${body.resetsAt}; ${body.lift?.plan} allows ${body.lift?.limit}`)
  })

  const page = await tour.step('The user asks for a checkout page', async (saw) => {
    const order = { plan: 'pro', interval: 'month' }
    const { status, body } = await visitor.post<{ url: string }>('/api/billing/checkout', freeToken, order)
    promised('status', status, 200)
    const again = await visitor.post<{ url: string }>('/api/billing/checkout', freeToken, order)
    promised('a second click opens the same page', again.body.url, body.url)
    saw(`POST /api/billing/checkout  200  ${body.url.slice(0, 52)}...`)
    saw('A second click opens the same page: one customer, one session')
    return body.url
  })

  await tour.step('They pay; the webhooks arrive doubled and out of order', async (saw) => {
    const before = (await settled(visitor)).length
    await visitor.simulator('POST', '/_/deliveries', { duplicate: 2, shuffle: true, seed: 7 })
    const backAt = await visitor.pay(page)
    promised('back at the app', backAt.searchParams.get('checkout'), 'done')
    const deliveries = (await settled(visitor)).slice(before)
    const events = new Set(deliveries.map(({ event }) => event))
    const answered = deliveries.filter(({ status }) => status === 200)
    promised('deliveries answered 200', answered.length, 2 * events.size)
    saw(`Paid on the page, sent back to ${backAt.pathname}${backAt.search}`)
    saw(`${events.size} events in ${answered.length} signed deliveries, each answered 200`)
  })

  await tour.step('The token from before the payment passes at once: nobody who paid is refused', async (saw) => {
    const { status, headers } = await visitor.quote(freeToken)
    promised('status', status, 200)
    saw(`plan claim in the old token: ${planIn(freeToken)}`)
    saw(`GET /api/quote  200  RateLimit: ${headers.get('ratelimit')}`)
  })

  const paidToken = await tour.step('A new token carries the new plan', async (saw) => {
    const token = await visitor.signIn(user)
    promised('plan claim', planIn(token), 'pro')
    saw(`plan claim in the new token: ${planIn(token)}`)
    return token
  })

  await tour.step('The next call passes under the paid limit; what was used stays counted', async (saw) => {
    promised('status', (await visitor.quote(paidToken)).status, 200)
    const { body } = await visitor.me(paidToken)
    const usage = body.usage['apiCalls']
    promised('plan and status', [body.plan, body.status], ['pro', 'active'])
    promised('used and limit', [usage?.used, usage?.limit], [7, 500])
    saw(`GET /api/billing/me  plan ${body.plan}, ${body.status}, ${usage?.used} of ${usage?.limit} calls used`)
  })

  await tour.step('A month later the subscription has renewed and the allowance is whole again', async (saw) => {
    await visitor.simulator('POST', '/_/clock', { advance: { months: 1 } })
    await settled(visitor)
    const { body } = await visitor.me(paidToken)
    const usage = body.usage['apiCalls']
    promised('plan and status', [body.plan, body.status], ['pro', 'active'])
    promised('used', usage?.used, 0)
    saw(`plan ${body.plan}, ${body.status}, ${usage?.used} of ${usage?.limit} calls used since ${usage?.periodStart}`)
  })
}

interface Attempt {
  readonly event: string
  readonly status: number | null
}

/** Waits until nothing is under way, and answers every attempt so far. */
async function settled(visitor: Visitor): Promise<readonly Attempt[]> {
  for (let tries = 0; tries < patience.tries; tries += 1) {
    const { pending, data } = await visitor.simulator<{ pending: number; data: readonly Attempt[] }>('GET', '/_/deliveries')
    if (pending === 0 && data.length > 0) return data
    await pause(patience.milliseconds)
  }
  throw new Error('The deliveries did not settle')
}
