import type { Payments } from '../../ports/payments.ts'
import { planSteps } from './change-plan.ts'
import { findStep, runStep } from './change-steps.ts'
import type { StripeClient } from './client.ts'
import { previewChange } from './preview-change.ts'

/** Everything that changes a subscription that is there. */
export type SubscriptionChanges = Pick<Payments, 'planSteps' | 'runStep' | 'findStep' | 'previewChange'>

export function createSubscriptionChanges(client: StripeClient, installation: string | undefined): SubscriptionChanges {
  return {
    planSteps: (request) => planSteps(client, installation, request),
    runStep: (request) => runStep(client, request),
    findStep: (request) => findStep(client, request),
    previewChange: (request) => previewChange(client, installation, request),
  }
}
