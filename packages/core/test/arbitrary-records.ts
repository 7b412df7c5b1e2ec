import fc from 'fast-check'
import { allowance, unlimited } from '../src/domain/allowance.ts'
import type { Catalog } from '../src/domain/catalog.ts'
import { defineCatalog } from '../src/domain/define-catalog.ts'
import type { CustomerRecords } from '../src/domain/entitlement.ts'
import { metered, toggle } from '../src/domain/feature.ts'
import type { Grant, Override } from '../src/domain/grant.ts'
import { day, second } from '../src/domain/instant.ts'
import { subscriptionStatuses } from '../src/domain/lifecycle.ts'
import { usd } from '../src/domain/money.ts'
import type { Subscription } from '../src/domain/subscription.ts'

/** A catalog with a plan of each kind. */
export const exampleCatalog: Catalog = defineCatalog({
  features: { apiCalls: metered({ unit: 'call' }), tokens: metered({ unit: 'token', anchor: 'calendar' }), exports: toggle() },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } },
    pro: {
      name: 'Pro',
      prices: { month: usd('29') },
      features: { apiCalls: allowance(500).per('month').overage(usd('0.10')), tokens: allowance(1000).per('day'), exports: true },
    },
    team: {
      name: 'Team',
      prices: { month: usd('99') },
      features: { apiCalls: unlimited(), tokens: unlimited('week'), exports: true },
    },
  },
})

/** Around this instant things happen. */
export const present: number = Date.UTC(2028, 1, 29, 12)

/** Instants near enough to one another that boundaries meet. */
export const arbitraryInstant: fc.Arbitrary<number> = fc
  .tuple(fc.integer({ min: -40, max: 40 }), fc.constantFrom(0, -1, 1))
  .map(([days, offset]) => present + days * day + offset)

const plan = fc.constantFrom('free', 'pro', 'team', 'removed')
const maybeInstant = fc.option(arbitraryInstant)

const arbitrarySubscription: fc.Arbitrary<Subscription> = fc.record({
  id: fc.uuid(),
  ours: fc.boolean(),
  plan: fc.option(plan),
  price: fc.constant('price_1'),
  interval: fc.constantFrom('month' as const, 'year' as const, null),
  quantity: fc.constant(1),
  status: fc.constantFrom(...subscriptionStatuses),
  startedAt: arbitraryInstant,
  billingAnchor: arbitraryInstant,
  currentPeriodStart: arbitraryInstant,
  currentPeriodEnd: arbitraryInstant,
  trialEnd: maybeInstant,
  cancelAt: maybeInstant,
  endedAt: fc.option(arbitraryInstant, { freq: 2 }),
  pastDueSince: maybeInstant,
  currency: fc.constant('usd'),
  pendingChange: fc.constant(null),
  paused: fc.option(
    fc.record({ kind: fc.constantFrom('subscription', 'collection'), since: maybeInstant, until: maybeInstant, reason: fc.constant(null) }),
  ),
  payment: fc.option(
    fc.record({
      state: fc.constantFrom('open', 'failed', 'action-required'),
      invoice: fc.constant('in_1'),
      hostedUrl: fc.constant(null),
      attempts: fc.nat(4),
      nextAttemptAt: maybeInstant,
      amountDue: fc.nat(10_000),
      currency: fc.constant('usd'),
    }),
  ),
  card: fc.option(fc.record({ brand: fc.constant('visa'), last4: fc.constant('4242'), expiresAt: arbitraryInstant })),
  endReason: fc.constantFrom('requested', 'payment-failed', 'payment-disputed', null),
})

const arbitraryGrant: fc.Arbitrary<Grant> = fc.record({
  id: fc.uuid(),
  feature: fc.constantFrom('apiCalls', 'tokens'),
  amount: fc.integer({ min: 1, max: 1000 }),
  priority: fc.constantFrom(10, 50, 90),
  effectiveAt: arbitraryInstant,
  expiresAt: maybeInstant,
  createdAt: arbitraryInstant,
  voidedAt: fc.option(arbitraryInstant, { freq: 2 }),
})

const arbitraryOverride: fc.Arbitrary<Override> = fc.record({
  id: fc.uuid(),
  plan,
  effectiveAt: arbitraryInstant,
  until: maybeInstant,
  createdAt: arbitraryInstant,
  voidedAt: fc.option(arbitraryInstant, { freq: 2 }),
})

/** Whatever a customer's records may hold, contradictions included. */
export const arbitraryRecords: fc.Arbitrary<CustomerRecords> = fc.record({
  customer: fc.constant('user_1'),
  version: fc.integer({ min: 0, max: 1_000_000 }),
  createdAt: arbitraryInstant.map((instant) => Math.floor(instant / second) * second),
  subscriptions: fc.array(arbitrarySubscription, { maxLength: 3 }),
  grants: fc.array(arbitraryGrant, { maxLength: 3 }),
  overrides: fc.array(arbitraryOverride, { maxLength: 2 }),
})
