import { allowance, createFarebox, defineCatalog, metered, unlimited, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import type { AdminCustomerView, BucketView } from '@farebox/core/protocol'
import { manualClock } from '@farebox/core/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { identityOf, knownTokens } from '../../../test/known-tokens.ts'
import { day } from '../../domain/instant.ts'

const catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), tokens: metered({ unit: 'token', anchor: 'calendar' }) },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(25).per('month') } },
    pro: {
      name: 'Pro',
      prices: { month: usd('29') },
      features: { apiCalls: allowance(60).per('week').overage(usd('0.10')), tokens: allowance(20).per('day') },
    },
    team: { name: 'Team', prices: { month: usd('99') }, features: { apiCalls: unlimited(), tokens: unlimited('week') } },
  },
})

const customer = 'ann'
const features = ['apiCalls', 'tokens'] as const

function setUp() {
  const clock = manualClock()
  const store = memoryStore({ clock })
  const farebox = createFarebox({ catalog, clock, store, auth: knownTokens({ root: identityOf('root') }), admin: () => true })
  const view = async (): Promise<AdminCustomerView> => {
    const request = new Request(`https://app.example.com/api/billing/admin/customer?customer=${customer}`, { headers: { authorization: 'Bearer root' } })
    return (await farebox.handle(request)).json()
  }
  return { clock, farebox, view }
}

const feature = fc.constantFrom(...features)
const days = fc.integer({ min: -3, max: 12 })
const action = fc.oneof(
  fc.record({ verb: fc.constant('grant' as const), feature, amount: fc.integer({ min: 1, max: 40 }), priority: fc.integer({ min: 48, max: 52 }), from: days, to: fc.option(days) }),
  fc.record({ verb: fc.constant('void' as const), grant: fc.nat({ max: 9 }) }),
  fc.record({ verb: fc.constant('override' as const), plan: fc.constantFrom('pro', 'team'), to: fc.option(fc.integer({ min: 1, max: 9 })) }),
  fc.record({ verb: fc.constant('consume' as const), feature, amount: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ verb: fc.constant('reserve' as const), feature, amount: fc.integer({ min: 1, max: 30 }), actual: fc.option(fc.integer({ min: 0, max: 30 })) }),
  fc.record({ verb: fc.constant('wait' as const), days: fc.integer({ min: 0, max: 4 }) }),
)

function sumOf(buckets: readonly BucketView[], field: 'amount' | 'used' | 'reserved'): number {
  return buckets.reduce((sum, bucket) => sum + (bucket[field] ?? Number.POSITIVE_INFINITY), 0)
}

test('what a balance is made of adds up to the balance, whatever was granted, counted and held', async () => {
  await fc.assert(fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
    const { clock, farebox, view } = setUp()
    await farebox.ensureCustomer({ customer })
    let granted = 0
    let changes = 0
    const voided = new Set<number>()
    for (const step of actions) {
      switch (step.verb) {
        case 'grant': {
          const [effectiveAt, expiresAt] = [clock.now() + step.from * day, step.to === null ? undefined : clock.now() + step.to * day]
          if (expiresAt !== undefined && expiresAt <= Math.max(effectiveAt, clock.now())) break
          await farebox.grant({
            customer, feature: step.feature, amount: step.amount, priority: step.priority, key: `grant-${granted}`, effectiveAt,
            ...(expiresAt !== undefined && { expiresAt }),
          })
          granted += 1
          changes += 1
          break
        }
        case 'void':
          if (step.grant >= granted) break
          await farebox.voidGrant({ customer, key: `grant-${step.grant}` })
          if (!voided.has(step.grant)) changes += 1
          voided.add(step.grant)
          break
        case 'override':
          await farebox.override({ customer, plan: step.plan, key: `plan-${changes}`, until: step.to === null ? null : clock.now() + step.to * day })
          changes += 1
          break
        case 'consume':
          await farebox.consume({ customer, feature: step.feature, amount: step.amount })
          break
        case 'reserve': {
          const reservation = await farebox.reserve({ customer, feature: step.feature, atMost: step.amount })
          if (reservation.allowed && step.actual !== null) await reservation.settle(Math.min(step.actual, step.amount))
          break
        }
        case 'wait':
          clock.advance(step.days * day)
          break
        default:
          return step satisfies never
      }
    }

    const { snapshot, explanation, audit } = await view()
    expect(snapshot).toEqual(await farebox.snapshot({ customer }))
    expect(audit).toHaveLength(changes)
    expect(Object.keys(explanation)).toEqual(Object.keys(snapshot.usage))
    for (const [name, usage] of Object.entries(snapshot.usage)) {
      const buckets = explanation[name] ?? []
      const counted = buckets.filter(({ source }) => source !== 'overage')
      const overage = buckets.filter(({ source }) => source === 'overage')
      const amount = sumOf(counted, 'amount')
      expect({ limit: amount === Number.POSITIVE_INFINITY ? null : amount, used: sumOf(counted, 'used'), reserved: sumOf(counted, 'reserved') })
        .toEqual({ limit: usage.limit, used: usage.used, reserved: usage.reserved })
      expect(sumOf(overage, 'used') + sumOf(overage, 'reserved')).toBe(usage.overage)
      expect(buckets.flatMap(({ key }) => key ?? [])).toEqual(expect.arrayContaining(snapshot.grants.filter((grant) => grant.feature === name).map(({ id }) => id)))
    }
    for (const name of features) await expectDrawnInOrder(name)

    /** Takes all that is left, and looks whether each bucket was emptied before the next was touched. */
    async function expectDrawnInOrder(name: (typeof features)[number]): Promise<void> {
      const left = snapshot.usage[name]?.remaining ?? 50
      if (left === 0) return
      const { drawn, allowed } = await farebox.consume({ customer, feature: name, amount: left })
      expect(allowed).toBe(true)
      let missing = left
      const expected = (explanation[name] ?? []).flatMap(({ source, key, amount: most, used, reserved }) => {
        const share = Math.min(missing, most === null ? missing : Math.max(0, most - used - reserved))
        missing -= share
        return share === 0 ? [] : [{ amount: share, key: key === null ? source : `grant:${key}` }]
      })
      expect(drawn.map(({ bucket, kind, amount }) => ({ amount, key: kind === 'grant' ? bucket : kind }))).toEqual(expected)
    }
  }), { numRuns: process.env['FAREBOX_TEST_SCALE'] === 'full' ? 3000 : 150 })
})
