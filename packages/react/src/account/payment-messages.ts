import type { PaymentMethodView } from '@farebox/core/protocol'
import type { CommonMessages } from '../messages/common-messages.ts'
import { joinMessages } from '../messages/join-messages.ts'
import { type RefusalMessages, refusalEnglish } from '../plans/refusal-messages.ts'

/** Texts about how a customer pays, and what comes next. */
export interface PaymentMessages {
  readonly paymentMethodsTitle: string
  readonly noPaymentMethods: string
  /** `Visa ending in 4242`. `brand` and `kind` are the payment service's words; there may be ones that nobody knows yet. */
  readonly paymentMethod: (method: PaymentMethodView) => string
  /** Beside what the next invoice is paid with. */
  readonly defaultMethod: string
  readonly methodExpires: (month: string, isExpired: boolean) => string
  readonly updatePaymentMethods: string
  /** In its place where there is none. */
  readonly addPaymentMethod: string
  readonly upcomingTitle: string
  readonly noUpcoming: string
  readonly billedOn: (date: string) => string
  /** A line without a description of its own. */
  readonly otherLine: string
  readonly discount: string
  readonly tax: string
  readonly total: string
}

const names: Readonly<Record<string, string | undefined>> = {
  amex: 'American Express', diners: 'Diners Club', jcb: 'JCB', mastercard: 'Mastercard', unionpay: 'UnionPay',
  sepa_debit: 'SEPA debit', us_bank_account: 'Bank account', paypal: 'PayPal',
}

/** A word of the payment service as people write it: `visa` is `Visa`. */
function nameOf(word: string): string {
  return names[word] ?? (word.charAt(0).toUpperCase() + word.slice(1)).replaceAll('_', ' ')
}

/** The default words. */
export const paymentEnglish: CommonMessages & RefusalMessages & PaymentMessages = /* @__PURE__ */ joinMessages<CommonMessages & RefusalMessages, PaymentMessages>(
  refusalEnglish,
  {
    paymentMethodsTitle: 'Payment method',
    noPaymentMethods: 'No payment method yet.',
    paymentMethod: ({ kind, brand, last4 }) => nameOf(brand ?? kind) + (last4 ? ` ending in ${last4}` : ''),
    defaultMethod: 'Default',
    methodExpires: (month, isExpired) => `${isExpired ? 'Expired' : 'Expires'} ${month}`,
    updatePaymentMethods: 'Update payment method',
    addPaymentMethod: 'Add payment method',
    upcomingTitle: 'Next bill',
    noUpcoming: 'No bill is coming.',
    billedOn: (date) => `On ${date}`,
    otherLine: 'Other',
    discount: 'Discount',
    tax: 'Tax',
    total: 'Total',
  },
)
