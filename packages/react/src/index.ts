'use client'

/**
 * Hooks and components on one Farebox snapshot. They show; the server decides.
 *
 * @example
 * ```tsx
 * import { BillingProvider, PlanBadge, UpgradePrompt, UsageBar } from '@farebox/react'
 *
 * export function Billing() {
 *   return (
 *     <BillingProvider locale="en" timeZone="UTC">
 *       <PlanBadge />
 *       <UsageBar feature="apiCalls" label="API calls" />
 *       <UpgradePrompt feature="apiCalls" label="API calls" />
 *     </BillingProvider>
 *   )
 * }
 * ```
 *
 * @module
 */
export { type BillingClient, type BillingClientOptions, createBillingClient, readProblem } from '@farebox/core/client'
export { BillingPeriod, type BillingPeriodProps } from './billing-period.tsx'
export { BillingProvider, type BillingProviderProps } from './billing-provider.tsx'
export type { Format, Messages, PeriodText } from './messages.ts'
export type { PartOptions, PartProps } from './part.tsx'
export { PlanBadge, type PlanBadgeData, type PlanBadgeProps } from './plan-badge.tsx'
export type { FeatureName, MeteredName, Register } from './register.ts'
export { UpgradePrompt, type UpgradePromptProps } from './upgrade-prompt.tsx'
export { UsageBar, type UsageBarPartProps, type UsageBarProps, type UsageBarState } from './usage-bar.tsx'
export { useBilling } from './use-billing.ts'
export { useEntitlement } from './use-entitlement.ts'
export { type UpgradeSource, useUpgradePrompt } from './use-upgrade-prompt.ts'
export { useUsage } from './use-usage.ts'
