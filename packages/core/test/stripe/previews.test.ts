import { Stripe } from 'stripe'
import { expect, it } from 'vitest'
import { getUpcoming } from '../../src/use-cases/billing/get-upcoming.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { pauseSubscription } from '../../src/use-cases/subscription/pause-subscription.ts'
import { previewPlanChange } from '../../src/use-cases/subscription/preview-plan-change.ts'
import { type Interval, buyPlan, createPlanWorld, customer, subscriptionsOf } from './plans.ts'

it.each<[string, Interval, object]>([
  ['comes with the period, also by another interval', 'year', { kind: 'change', when: 'period-end', prorationDate: null, now: null, next: { total: 3000 } }],
  ['is there', 'month', { kind: 'unchanged' }],
])('asks for no payment now for what %s', async (_name, interval, preview) => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus', interval)
  await convergeCustomer(farebox, customer)
  expect(await previewPlanChange(farebox, { customer, plan: 'plus', interval: 'month' })).toMatchObject(preview)
})

it('takes no failure of a preview for nothing that is due: no next bill is told, and nobody pauses before what is pending is billed', async () => {
  const world = await createPlanWorld()
  await buyPlan(world, world.process(), 'plus')
  await convergeCustomer(world.process(), customer)
  const answer = async (url: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(url, init)
    if (!request.url.endsWith('/v1/invoices/create_preview')) return world.simulator.fetch(request)
    return Response.json({ error: { type: 'api_error', message: 'canary' } }, { status: 500 })
  }
  const client = new Stripe('sk_test_world', { httpClient: Stripe.createFetchHttpClient(answer), host: 'stripe.test', protocol: 'http', maxNetworkRetries: 0, telemetry: false })
  const farebox = world.process({ client })
  await expect(getUpcoming(farebox, { customer })).rejects.toMatchObject({ code: 'unavailable' })
  await expect(pauseSubscription(farebox, { customer })).rejects.toMatchObject({ code: 'unavailable' })
  expect((await subscriptionsOf(world)).map(({ status, pause_collection }) => [status, pause_collection])).toEqual([['active', null]])
})
