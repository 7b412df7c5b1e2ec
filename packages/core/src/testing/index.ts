/**
 * What a test of Farebox, or of a store for Farebox, needs: the rules of both store ports as cases for any test runner,
 * a clock that stands still, randomness that repeats, faults on demand and signed deliveries. And a chaos kit for the whole
 * app: deliveries as bad as Stripe may make them, crashes between a write and its answer, and the invariants that must hold
 * when the dust has settled.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@farebox/core/drivers/memory'
 * import { recordStoreContract } from '@farebox/core/testing'
 *
 * for (const rule of recordStoreContract({ create: () => ({ store: memoryStore().records }) })) {
 *   if (rule.skipped === null) await rule.run()
 * }
 * ```
 *
 * @module
 */
export { type Chaos, type ChaosOptions, type ChaosTally, type ChaoticEvent, createChaos } from './chaos.ts'
export {
  type CrashPlan, type CrashPoint, type Crashes, crashEverywhere, crashKinds, createCrashes,
} from './chaos-crashes.ts'
export type { ContractCase } from './contract-case.ts'
export { type FaultMoment, type Faults, faultyStore } from './faulty-store.ts'
export { type InvariantOptions, type Violation, checkInvariants } from './invariants.ts'
export { type ManualClock, manualClock } from './manual-clock.ts'
export { type RecordStoreContractOptions, type RecordStoreHarness, recordStoreContract } from './record-store-contract.ts'
export { type SeededRandom, seededRandom } from './seeded-random.ts'
export { type SignedStripeEvent, type StripeEventToSign, signedStripeEvent } from './signed-stripe-event.ts'
export { type UsageStoreContractOptions, type UsageStoreHarness, usageStoreContract } from './usage-store-contract.ts'
