// What no counting call needs, loaded when it is first asked for: more than half of the code.

export { createHandleRequest } from './http/handle-request.ts'
export { checkHealth } from './use-cases/check-health.ts'
export { convergeCustomer } from './use-cases/converge.ts'
export { getPlanClaims } from './use-cases/get-plan-claims.ts'
export { getSnapshot } from './use-cases/get-snapshot.ts'
export { grantUsage, voidGrant } from './use-cases/grant-usage.ts'
export { issuePlanToken } from './use-cases/issue-plan-token.ts'
export { openPortal } from './use-cases/open-portal.ts'
export { endOverride, overridePlan } from './use-cases/override-plan.ts'
export { replayParked } from './use-cases/replay.ts'
export { startCheckout } from './use-cases/start-checkout.ts'
export { sweepStore } from './use-cases/sweep.ts'
