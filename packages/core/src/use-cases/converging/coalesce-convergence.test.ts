import { expect, it } from 'vitest'
import { createGate, yieldOnce } from '../../../test/stripe/world.ts'
import { type Convergence, type Delivery, type RunConvergence, createConvergences } from './coalesce-convergence.ts'

const applied: Convergence = {
  kind: 'applied',
  records: { customer: 'user_1', version: 1, createdAt: 0, subscriptions: [], grants: [], overrides: [] },
  settled: new Map(),
  isPending: false,
}

function deliveryOf(event: string): Delivery {
  return { event, type: 'invoice.paid', paymentCustomer: null, isReplay: false, createdAt: null }
}

it('runs one at a time, and one more for everybody who came meanwhile', async () => {
  const convergences = createConvergences()
  const gates = [createGate(), createGate(), createGate()]
  const covered: string[][] = []
  const run: RunConvergence = async (deliveries) => {
    covered.push(deliveries.map(({ event }) => event))
    await gates[covered.length - 1]?.passed
    return applied
  }
  const join = (event: string): Promise<Convergence> => convergences.join('user_1', deliveryOf(event), run)
  const first = join('a')
  const later = [join('b'), join('c'), convergences.join('user_1', 'subscriptions', run)]
  await yieldOnce()
  expect(covered).toEqual([['a']])
  gates[0]?.open()
  await first
  await yieldOnce()
  const last = join('d')
  expect(covered).toEqual([['a'], ['b', 'c']])
  gates[1]?.open()
  await Promise.all(later)
  gates[2]?.open()
  await last
  expect(covered).toEqual([['a'], ['b', 'c'], ['d']])
})

it('reads the most that anybody has asked for who shares a run', async () => {
  const convergences = createConvergences()
  const gate = createGate()
  const asked: string[] = []
  const run: RunConvergence = async (_, wanted) => {
    asked.push(wanted)
    await gate.passed
    return applied
  }
  const first = convergences.join('user_1', deliveryOf('a'), run)
  const later = (['subscriptions', 'everything', 'purchases'] as const).map((wanted) => convergences.join('user_1', wanted, run))
  gate.open()
  await Promise.all([first, ...later])
  expect(asked).toEqual(['nothing', 'everything'])
})

it('lets everybody who shared a run know that it failed, and begins anew', async () => {
  const convergences = createConvergences()
  const gate = createGate()
  const failing: RunConvergence = async () => {
    await gate.passed
    throw new Error('Stripe is away')
  }
  const joined = ['a', 'b', 'c'].map((event) => convergences.join('user_1', deliveryOf(event), failing))
  gate.open()
  expect((await Promise.allSettled(joined)).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(await convergences.join('user_1', 'subscriptions', async () => applied)).toBe(applied)
})

it('holds up no other customer', async () => {
  const convergences = createConvergences()
  const gate = createGate()
  const held = convergences.join('user_1', 'subscriptions', async () => {
    await gate.passed
    return applied
  })
  expect(await convergences.join('user_2', 'subscriptions', async () => applied)).toBe(applied)
  gate.open()
  await held
})

it('shares what is asked for twice, until it is answered', async () => {
  const convergences = createConvergences()
  let count = 0
  const work = async (): Promise<number> => {
    count += 1
    await yieldOnce()
    return count
  }
  expect(await Promise.all([convergences.share('a', work), convergences.share('a', work), convergences.share('b', work)])).toEqual([2, 2, 2])
  expect(await convergences.share('a', work)).toBe(3)
})

it('waits for nobody where requests may not wait for each other, not even for one that never comes back', async () => {
  const convergences = createConvergences({ shared: false })
  const gone = new Promise<never>(() => undefined)
  void convergences.join('user_1', deliveryOf('a'), async () => gone)
  void convergences.share('checkout', async () => gone)
  const covered: string[][] = []
  const run: RunConvergence = async (deliveries) => {
    covered.push(deliveries.map(({ event }) => event))
    return applied
  }
  expect(await convergences.join('user_1', deliveryOf('b'), run)).toBe(applied)
  expect(await convergences.join('user_1', 'subscriptions', run)).toBe(applied)
  expect(covered).toEqual([['b'], []])
  expect(await convergences.share('checkout', async () => 'done')).toBe('done')
})
