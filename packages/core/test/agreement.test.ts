import { type Decision, allowance, createFarebox, defineCatalog, metered, unlimited, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day, hour, minute } from '../src/domain/instant.ts'
import { manualClock } from '../src/testing/manual-clock.ts'

const catalog = defineCatalog({
  features: {
    apiCalls: metered({ unit: 'call' }),
    tokens: metered({ unit: 'token', anchor: 'calendar' }),
    exports: metered({ unit: 'export', anchor: 'subscription' }),
  },
  plans: {
    free: {
      name: 'Free',
      default: true,
      features: { apiCalls: allowance(5).per('hour'), tokens: allowance(20).per('day') },
      gates: { apiCalls: ['7/minute', '9/hour'], tokens: [{ limit: 13, per: 'minute', burst: 2 }] },
    },
    tiny: { name: 'Tiny', prices: { month: usd('9') }, features: { apiCalls: allowance(2).per('hour'), exports: allowance(3).per('day') } },
    pro: {
      name: 'Pro',
      prices: { month: usd('29') },
      features: { apiCalls: allowance(30).per('hour'), tokens: allowance(50).per('day').overage(usd('0.10')), exports: unlimited() },
      gates: { apiCalls: ['11/minute'] },
    },
  },
})

const features = ['apiCalls', 'tokens', 'exports'] as const
const plans = ['free', 'tiny', 'pro'] as const

interface Steps {
  readonly ask: { readonly feature: (typeof features)[number]; readonly amount: number; readonly process: number; readonly verb: 'consume' | 'reserve' }
  readonly grant: { readonly feature: (typeof features)[number]; readonly amount: number; readonly key: string; readonly begins: number; readonly lasts: number }
  readonly voidGrant: { readonly key: string }
  readonly override: { readonly plan: (typeof plans)[number]; readonly lasts: number }
  readonly endOverride: { readonly key: string }
  readonly advance: { readonly length: number }
}

type Step = { [Kind in keyof Steps]: Steps[Kind] & { readonly kind: Kind } }[keyof Steps]

const feature = fc.constantFrom(...features)
const plan = fc.constantFrom(...plans)
const amount = fc.integer({ min: 1, max: 12 })
const key = fc.constantFrom('k1', 'k2', 'k3')
const ask = fc.record({ kind: fc.constant('ask' as const), feature, amount, process: fc.nat(2), verb: fc.constantFrom('consume' as const, 'reserve' as const) })
const grant = fc.record({
  kind: fc.constant('grant' as const),
  feature,
  amount,
  key,
  begins: fc.constantFrom(0, minute),
  lasts: fc.constantFrom(11 * minute, hour, day),
})
const length = fc.oneof(fc.integer({ min: 0, max: 30_000 }), fc.constantFrom(minute, 10 * minute, hour - 1, hour, day - 1))

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: ask },
  { weight: 2, arbitrary: grant },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('voidGrant' as const), key }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('override' as const), plan, lasts: fc.constantFrom(11 * minute, hour) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('endOverride' as const), key: plan }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('advance' as const), length }) },
)

const customer = 'user_1'
const seed = Number(process.env['FAREBOX_TEST_SEED'] ?? Date.now() % 2 ** 31)
const numRuns = process.env['FAREBOX_TEST_SCALE'] === 'full' ? 5_000 : 120

/** Three processes on one store; the clocks of two are ten minutes off. */
function setup() {
  const clock = manualClock(Date.UTC(2026, 0, 31, 10, 7))
  const store = memoryStore({ clock })
  const [exact, late, early] = [0, -10 * minute, 10 * minute].map((skew) =>
    createFarebox({ catalog, store, clock: { now: () => clock.now() + skew } }),
  )
  if (exact === undefined || late === undefined || early === undefined) throw new Error('There are three processes')
  return { clock, exact, processes: [exact, late, early] }
}

type World = ReturnType<typeof setup>

/** What a change may answer here: done, done before, or nothing to end. */
async function change(work: Promise<unknown>): Promise<void> {
  await work.catch((error: { code?: string }) => expect(['conflict', 'not-found']).toContain(error.code))
}

function sum({ used, reserved, overage }: Pick<Decision, 'used' | 'reserved' | 'overage'>): number {
  return used + reserved + overage
}

function expectSame(checked: Decision, decision: Decision, asked: number): void {
  const { allowed, reason, limit, resetsAt, plan: name } = decision
  expect(checked, 'check() says the same').toMatchObject({ allowed, reason, limit, resetsAt, plan: name })
  expect(decision.remaining ?? 0).toBeGreaterThanOrEqual(0)
  if (allowed) {
    expect(sum(decision)).toBe(sum(checked) + asked)
    return
  }
  const { used, reserved, remaining, overage, gates, lift } = decision
  expect(checked).toMatchObject({ used, reserved, remaining, overage, gates })
  expect(checked.lift).toEqual(lift)
  // When a gate opens is worked out from the millisecond at which it is empty, so it may be named one too late.
  if (reason === 'rate-limited') expect((checked.retryAt ?? 0) - (decision.retryAt ?? 0)).toBeOneOf([0, 1])
  else expect(checked.retryAt).toBe(decision.retryAt)
}

/** Looks, shows and takes, in one moment. */
async function askThrice(farebox: World['exact'], { feature: name, amount: asked, verb }: Steps['ask']): Promise<Decision> {
  const checked = await farebox.check({ customer, feature: name, amount: asked })
  const shown = (await farebox.snapshot({ customer })).usage[name]
  const { limit, used, reserved, remaining, overage, resetsAt } = checked
  const periodEnd = new Date(resetsAt ?? 0).toISOString()
  expect(shown, 'snapshot() shows the same').toMatchObject({ limit, used, reserved, remaining, overage, periodEnd })
  const decision =
    verb === 'consume'
      ? await farebox.consume({ customer, feature: name, amount: asked })
      : await farebox.reserve({ customer, feature: name, atMost: asked, expiresIn: 40_000 })
  expectSame(checked, decision, asked)
  return decision
}

async function run({ clock, exact, processes }: World, next: Step): Promise<Decision | undefined> {
  switch (next.kind) {
    case 'advance':
      clock.advance(next.length)
      return undefined
    case 'grant': {
      const span = { effectiveAt: clock.now() + next.begins, expiresAt: clock.now() + next.lasts }
      await change(exact.grant({ customer, feature: next.feature, amount: next.amount, key: next.key, ...span }))
      return undefined
    }
    case 'voidGrant':
      await change(exact.voidGrant({ customer, key: next.key }))
      return undefined
    case 'override':
      await change(exact.override({ customer, plan: next.plan, until: clock.now() + next.lasts }))
      return undefined
    case 'endOverride':
      await change(exact.endOverride({ customer, key: next.key }))
      return undefined
    case 'ask':
      return askThrice(processes[next.process] ?? exact, next)
    default:
      return next satisfies never
  }
}

test('check() says what the next consume() or reserve() is answered, and snapshot() shows its numbers, on any clock', { timeout: 600_000 }, async () => {
  const reasons = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), async (steps) => {
      const world = setup()
      for (const next of steps) {
        const decision = await run(world, next)
        if (decision !== undefined) reasons.set(decision.reason, (reasons.get(decision.reason) ?? 0) + 1)
      }
    }),
    { seed, numRuns },
  )
  process.stdout.write(`check() agrees: ${JSON.stringify(Object.fromEntries(reasons))}, seed ${seed}\n`)
  expect([...reasons.keys()].toSorted()).toEqual(['allowed', 'plan-required', 'quota-exceeded', 'rate-limited'])
})
