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
export { type AccountMessages, accountEnglish } from './account/account-messages.ts'
export {
  BillingDashboard,
  type BillingDashboardProps,
  type DashboardRootProps,
  type DashboardSectionProps,
  type DashboardState,
} from './account/billing-dashboard.tsx'
export { type DashboardMessages, type DashboardSection, dashboardEnglish } from './account/dashboard-messages.ts'
export { InvoiceList, type InvoiceListProps } from './account/invoice-list.tsx'
export { type InvoiceMessages, invoiceEnglish } from './account/invoice-messages.ts'
export { type PaymentMessages, paymentEnglish } from './account/payment-messages.ts'
export { PaymentMethodList, type PaymentMethodListProps } from './account/payment-method-list.tsx'
export { SeatList, type SeatListProps } from './account/seat-list.tsx'
export { type SeatListMessages, seatListEnglish } from './account/seat-list-messages.ts'
export { UpcomingBill, type UpcomingBillProps } from './account/upcoming-bill.tsx'
export { type Invoices, useInvoices } from './account/use-invoices.ts'
export { usePaymentMethods } from './account/use-payment-methods.ts'
export { useUpcoming } from './account/use-upcoming.ts'
export { FeatureGate, type FeatureGateData, type FeatureGateProps } from './gates/feature-gate.ts'
export type { GateProps } from './gates/gate.ts'
export { PlanGate, type PlanGateProps } from './gates/plan-gate.ts'
export { QuotaGate, type QuotaGateProps } from './gates/quota-gate.ts'
export { type CommonMessages, type FaultWord, commonEnglish } from './messages/common-messages.ts'
export { defineMessages } from './messages/define-messages.ts'
export type { Format } from './messages/format.ts'
export type { Messages } from './messages/messages.ts'
export { problemText } from './messages/problem-text.ts'
export { useMoney } from './messages/use-money.ts'
export { useNumber } from './messages/use-number.ts'
export { BillingNotice, type BillingNoticeProps } from './notices/billing-notice.tsx'
export { DunningBanner, type DunningBannerProps } from './notices/dunning-banner.tsx'
export { type NoticeMessages, type NoticeText, noticeEnglish } from './notices/notice-messages.ts'
export { TrialCountdown, type TrialCountdownProps } from './notices/trial-countdown.tsx'
export { type TrialMessages, trialEnglish } from './notices/trial-messages.ts'
export { useNotices } from './notices/use-notices.ts'
export type { Part } from './parts/create-part.tsx'
export { EmptyState, type EmptyStateProps } from './parts/empty-state.tsx'
export { ErrorState, type ErrorStateProps } from './parts/error-state.tsx'
export type { PartOptions, PartProps, PartTag } from './parts/part.tsx'
export type { BlockProps } from './parts/reading-block.tsx'
export type { ReadingSlots } from './parts/reading-body.tsx'
export type { HeadingLevel } from './parts/reading-part.tsx'
export { Skeleton, type SkeletonProps } from './parts/skeleton.tsx'
export { type ActionMessages, actionEnglish } from './plans/action-messages.ts'
export type { ActionButtonProps } from './plans/action-button.tsx'
export { BillingPeriod, type BillingPeriodProps } from './plans/billing-period.tsx'
export { CancelFlow, type CancelFlowProps } from './plans/cancel-flow.tsx'
export { type CancelMessages, cancelEnglish } from './plans/cancel-messages.ts'
export { type ChangeMessages, changeEnglish } from './plans/change-messages.ts'
export { CheckoutButton, type CheckoutButtonProps } from './plans/checkout-button.tsx'
export { CouponField, type CouponFieldProps } from './plans/coupon-field.tsx'
export { type CouponMessages, couponEnglish } from './plans/coupon-messages.ts'
export { type LossMessages, lossEnglish } from './plans/loss-messages.ts'
export { type PeriodMessages, type PeriodText, periodEnglish } from './plans/period-messages.ts'
export { PlanBadge, type PlanBadgeProps } from './plans/plan-badge.tsx'
export { PlanChangePreview, type PlanChangePreviewProps, type PlanChangeState } from './plans/plan-change-preview.tsx'
export { PortalButton, type PortalButtonProps } from './plans/portal-button.tsx'
export { type PriceMessages, type PriceText, priceEnglish } from './plans/price-messages.ts'
export { PricingCalculator, type PricingCalculatorProps } from './plans/pricing-calculator.tsx'
export { type PricingMessages, pricingEnglish } from './plans/pricing-messages.ts'
export { PricingOffers, type PricingOffersProps } from './plans/pricing-offers.tsx'
export type { PricingPlanState } from './plans/pricing-context.tsx'
export type { PricingRootProps } from './plans/pricing-parts.tsx'
export { PricingTable, type PricingTableProps } from './plans/pricing-table.tsx'
export { type SeatMessages, seatEnglish } from './plans/seat-messages.ts'
export type { RefusalMessages } from './plans/refusal-messages.ts'
export { SeatPicker, type SeatPickerProps } from './plans/seat-picker.tsx'
export { type TermsMessages, termsEnglish } from './plans/terms-messages.ts'
export { type UpgradeMessages, type UpgradeText, upgradeEnglish } from './plans/upgrade-messages.ts'
export { type UpgradeForm, UpgradePrompt, type UpgradePromptProps, type UpgradePromptState } from './plans/upgrade-prompt.tsx'
export { type Cancellation, useCancellation } from './plans/use-cancellation.ts'
export { type Purchase, useCheckout } from './plans/use-checkout.ts'
export type { Ending } from './plans/use-ending.ts'
export { type CurrentPlan, usePlan } from './plans/use-plan.ts'
export { type PlanChange, type PlanWish, usePlanChange } from './plans/use-plan-change.ts'
export { usePlans } from './plans/use-plans.ts'
export { usePortal } from './plans/use-portal.ts'
export { type PricingSelection, type PricingStart, usePricing } from './plans/use-pricing.ts'
export type { PricingSale, PricingTableState } from './plans/use-pricing-table.ts'
export { type Seats, useSeats } from './plans/use-seats.ts'
export { type UpgradeSource, useUpgradePrompt } from './plans/use-upgrade-prompt.ts'
export { BillingProvider, type BillingProviderProps } from './provider/billing-provider.tsx'
export type { FeatureName, MeteredName, PlanName, Register, SeatsName } from './provider/register.ts'
export { type Action, type ActionState, useAction } from './provider/use-action.ts'
export { useBilling } from './provider/use-billing.ts'
export { useEntitlement } from './provider/use-entitlement.ts'
export { type Reading, useSnapshot } from './provider/use-snapshot.ts'
export type { ChartWords } from './usage/chart-words.ts'
export {
  CreditBalance,
  type CreditBalanceProps,
  type CreditChoice,
  type CreditItemProps,
  type CreditState,
} from './usage/credit-balance.tsx'
export { CreditLedger, type CreditLedgerProps, type GrantRowProps, type GrantState } from './usage/credit-ledger.tsx'
export { type CreditMessages, creditEnglish } from './usage/credit-messages.ts'
export type { ListContent, ListItems, ListItemsProps, ListRootProps, ListState } from './usage/list-parts.tsx'
export type { MeterPartProps, MeterProps, MeterRoot, MeterSubject } from './usage/meter-parts.tsx'
export type { TableParts } from './usage/table-parts.tsx'
export { QuotaIndicator, type QuotaIndicatorProps } from './usage/quota-indicator.tsx'
export { UsageBar } from './usage/usage-bar.tsx'
export { UsageChart, type UsageChartProps, type UsageChartState } from './usage/usage-chart.tsx'
export {
  UsageDashboard,
  type UsageDashboardItemProps,
  type UsageDashboardProps,
  type UsageDashboardRootProps,
} from './usage/usage-dashboard.tsx'
export { type UsageMessages, usageEnglish } from './usage/usage-messages.ts'
export { UsageRing } from './usage/usage-ring.tsx'
export { UsageTable, type UsageTableProps } from './usage/usage-table.tsx'
export { type UsageTableMessages, usageTableEnglish } from './usage/usage-table-messages.ts'
export { useCredits } from './usage/use-credits.ts'
export type { CreditGrant } from './usage/use-grants.ts'
export type { MeterState } from './usage/use-meter.ts'
export { type MeterChoice, useMeteredFeatures } from './usage/use-metered-features.ts'
export { useUsage } from './usage/use-usage.ts'
export { type UsageSpan, useUsageHistory } from './usage/use-usage-history.ts'
