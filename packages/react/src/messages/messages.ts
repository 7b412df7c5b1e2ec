import type { AccountMessages } from '../account/account-messages.ts'
import type { DashboardMessages } from '../account/dashboard-messages.ts'
import type { InvoiceMessages } from '../account/invoice-messages.ts'
import type { PaymentMessages } from '../account/payment-messages.ts'
import type { SeatListMessages } from '../account/seat-list-messages.ts'
import type { NoticeMessages } from '../notices/notice-messages.ts'
import type { TrialMessages } from '../notices/trial-messages.ts'
import type { OnDemandMessages } from '../parts/on-demand-messages.ts'
import type { ActionMessages } from '../plans/action-messages.ts'
import type { CancelMessages } from '../plans/cancel-messages.ts'
import type { ChangeMessages } from '../plans/change-messages.ts'
import type { CouponMessages } from '../plans/coupon-messages.ts'
import type { LossMessages } from '../plans/loss-messages.ts'
import type { PeriodMessages } from '../plans/period-messages.ts'
import type { PricingMessages } from '../plans/pricing-messages.ts'
import type { ResumeMessages } from '../plans/resume-messages.ts'
import type { SeatMessages } from '../plans/seat-messages.ts'
import type { TermsMessages } from '../plans/terms-messages.ts'
import type { UpgradeMessages } from '../plans/upgrade-messages.ts'
import type { CreditMessages } from '../usage/credit-messages.ts'
import type { UsageMessages } from '../usage/usage-messages.ts'
import type { UsageTableMessages } from '../usage/usage-table-messages.ts'
import type { CommonMessages } from './common-messages.ts'

/**
 * Every text that components show. Functions, so that a language can order and inflect as it needs. Each kind of component
 * brings its own English along; a whole language is given to the provider.
 */
export interface Messages
  extends CommonMessages, UsageMessages, UsageTableMessages, CreditMessages, PeriodMessages, ActionMessages, CancelMessages, ChangeMessages, CouponMessages,
    LossMessages, PricingMessages, ResumeMessages, SeatMessages, TermsMessages, UpgradeMessages,
    NoticeMessages, TrialMessages, AccountMessages, InvoiceMessages, PaymentMessages, SeatListMessages, DashboardMessages, OnDemandMessages {}
