import { expect, it } from 'vitest'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { cancelSubscription } from '../../src/use-cases/subscription/cancel-subscription.ts'
import { pauseSubscription } from '../../src/use-cases/subscription/pause-subscription.ts'
import { resumeSubscription } from '../../src/use-cases/subscription/resume-subscription.ts'
import { subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import { addresses, buyPlan, createPlanWorld, customer, subscriptionsOf } from './plans.ts'
import { expectLikeStripe } from './scene.ts'
import { isFull, sessionOf, yieldTimes } from './world.ts'

const request = { customer, ...addresses }

/** Everything that a customer can click on. */
const verbs = {
  upgrade: (context: Context) => subscribe(context, { ...request, plan: 'max' }),
  downgrade: (context: Context) => subscribe(context, { ...request, plan: 'basic' }),
  'pay by the year': (context: Context) => subscribe(context, { ...request, plan: 'plus', interval: 'year' }),
  'more seats': (context: Context) => subscribe(context, { ...request, plan: 'plus', quantity: 3 }),
  'cancel later': (context: Context) => cancelSubscription(context, { customer }),
  'cancel now': (context: Context) => cancelSubscription(context, { customer, when: 'now' }),
  resume: (context: Context) => resumeSubscription(context, { customer }),
  pause: (context: Context) => pauseSubscription(context, { customer }),
} satisfies Record<string, (context: Context) => Promise<{ readonly kind: string }>>

const names = Object.keys(verbs) as (keyof typeof verbs)[]
const pairs = names.flatMap((one, index) => names.slice(index).map((other) => [one, other] as const))
const races = isFull ? 1000 : pairs.length * 2

/** What a click was answered: a kind, or the code of a refusal. */
async function click(answer: Promise<{ readonly kind: string; readonly url?: string | null }>): Promise<string> {
  return answer.then(
    ({ kind, url }) => (kind === 'checkout' && url != null ? `checkout ${url}` : kind),
    (error: { code?: string; reason?: string; message: string }) => `${error.code ?? error.message}${error.reason === undefined ? '' : `:${error.reason}`}`,
  )
}

/** Refusals that say how things are; anything else is a fault of the race. */
const sensible = /^(changed|scheduled|unchanged|checkout .*|already-subscribed:paused|not-found)$/

it(`keeps one subscription and makes each invoice once in ${races} races of every verb with every other`, { timeout: 900_000 }, async () => {
  const seen = new Map<string, number>()
  for (let seed = 1; seed <= races; seed += 1) {
    const random = seededRandom(seed)
    const pair = pairs[seed % pairs.length] ?? pairs[0]
    if (pair === undefined) throw new Error('There are verbs')
    const world = await createPlanWorld({ seed, onTheWay: () => yieldTimes(random.integer(0, 6)) })
    const processes = [world.process(), world.process()]
    await buyPlan(world, processes[0] ?? world.process(), 'plus')
    world.simulator.clock.advance({ days: 3 })
    // Each verb is clicked once or twice, in whichever process.
    const clicks = pair.flatMap((name) => Array.from({ length: random.integer(1, 2) }, () => name))
    const answers = await Promise.all(clicks.map((name) => click(verbs[name](random.pick(processes)))))
    const where = `seed ${seed}: ${clicks.join(', ')} → ${answers.join(', ')}`
    for (const answer of answers) {
      expect(answer, `in ${where}`).toMatch(sensible)
      seen.set(answer.split(' ')[0] ?? '', (seen.get(answer.split(' ')[0] ?? '') ?? 0) + 1)
    }
    // Whoever was sent to a checkout pays there, if it is still open.
    for (const answer of new Set(answers.filter((text) => text.startsWith('checkout')))) {
      try {
        world.simulator.completeCheckout(sessionOf(answer))
      } catch {
        continue
      }
    }
    await convergeCustomer(processes[1] ?? world.process(), customer)
    await expectLikeStripe(world, customer)
    const subscriptions = await subscriptionsOf(world)
    expect(subscriptions.filter(({ status }) => status !== 'canceled').length, `in ${where}`).toBeLessThanOrEqual(1)
    for (const { items } of subscriptions) expect(items.data, `in ${where}`).toHaveLength(1)
    // Each invoice once: no two of the same reason with the same lines at the same moment.
    const invoices = await world.client.invoices.list({ limit: 100 }).autoPagingToArray({ limit: 1000 })
    const facts = invoices.map(({ billing_reason, created, lines, parent }) =>
      JSON.stringify([billing_reason, created, parent?.subscription_details?.subscription, lines.data.map(({ amount, description }) => [amount, description])]),
    )
    expect(new Set(facts).size, `in ${where}`).toBe(facts.length)
    const { rows } = await world.store.records.load(customer, ['operations'])
    expect(rows.operations.filter(({ value }) => value.state === 'open'), `in ${where}`).toEqual([])
  }
  process.stdout.write(`races of changes: ${races}, answered ${[...seen].map(([kind, count]) => `${kind} ${count}`).join(', ')}\n`)
})

it('makes one customer, one session and one subscription of who begins and changes at the same time', { timeout: 600_000 }, async () => {
  for (let seed = 1; seed <= (isFull ? 200 : 15); seed += 1) {
    const random = seededRandom(seed)
    const world = await createPlanWorld({ seed, onTheWay: () => yieldTimes(random.integer(0, 6)) })
    const processes = [world.process(), world.process()]
    const clicks = ['basic', 'plus', 'basic', 'max'].map((plan) => click(subscribe(random.pick(processes), { ...request, plan })))
    const pages = new Set((await Promise.all(clicks)).filter((answer) => answer.startsWith('checkout')))
    for (const answer of pages) {
      try {
        world.simulator.completeCheckout(sessionOf(answer))
      } catch {
        continue
      }
      await Promise.all(['basic', 'max'].map((plan) => click(subscribe(random.pick(processes), { ...request, plan }))))
    }
    expect((await world.client.customers.list()).data).toHaveLength(1)
    expect(await subscriptionsOf(world)).toHaveLength(1)
  }
})
