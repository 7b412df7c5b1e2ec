import type { AccountMessages } from '../account/account-messages.ts'
import type { InvoiceMessages } from '../account/invoice-messages.ts'
import type { PaymentMessages } from '../account/payment-messages.ts'
import type { NoticeMessages } from '../notices/notice-messages.ts'
import type { ActionMessages } from '../plans/action-messages.ts'
import type { PeriodMessages } from '../plans/period-messages.ts'
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
  extends CommonMessages, UsageMessages, UsageTableMessages, CreditMessages, PeriodMessages, ActionMessages, UpgradeMessages,
    NoticeMessages, AccountMessages, InvoiceMessages, PaymentMessages {}
