import { publishedEndpoints } from '../published-data.ts'
import { accountRoutes } from '../resources/accounts.ts'
import { checkoutSessionRoutes } from '../resources/checkout-sessions.ts'
import { couponRoutes } from '../resources/coupons.ts'
import { creditNoteRoutes } from '../resources/credit-notes.ts'
import { customerRoutes } from '../resources/customers.ts'
import { eventDestinationRoutes } from '../resources/event-destinations.ts'
import { disputeRoutes } from '../resources/disputes.ts'
import { eventRoutes } from '../resources/events.ts'
import { invoiceDraftRoutes } from '../resources/invoice-drafts.ts'
import { invoiceItemRoutes } from '../resources/invoice-items.ts'
import { invoiceSettlementRoutes } from '../resources/invoice-settlement.ts'
import { intentRoutes } from '../resources/intents.ts'
import { invoicePreviewRoutes } from '../resources/invoice-previews.ts'
import { invoiceRoutes } from '../resources/invoices.ts'
import { meterEventRoutes } from '../resources/meter-events.ts'
import { meterRoutes } from '../resources/meters.ts'
import { paymentMethodRoutes } from '../resources/payment-methods.ts'
import { portalConfigurationRoutes } from '../resources/portal-configurations.ts'
import { portalSessionRoutes } from '../resources/portal-sessions.ts'
import { priceRoutes } from '../resources/prices.ts'
import { productRoutes } from '../resources/products.ts'
import { promotionCodeRoutes } from '../resources/promotion-codes.ts'
import { refundRoutes } from '../resources/refunds.ts'
import type { Route, Routes } from '../resources/route.ts'
import { subscriptionChangeRoutes } from '../resources/subscription-changes.ts'
import { subscriptionPauseRoutes } from '../resources/subscription-pauses.ts'
import { subscriptionItemChangeRoutes } from '../resources/subscription-item-changes.ts'
import { subscriptionItemRoutes } from '../resources/subscription-items.ts'
import { subscriptionScheduleRoutes } from '../resources/subscription-schedules.ts'
import { subscriptionRoutes } from '../resources/subscriptions.ts'
import { taxRateRoutes } from '../resources/tax-rates.ts'
import { testClockRoutes } from '../resources/test-clocks.ts'
import { thinEventRoutes } from '../resources/thin-events.ts'
import { webhookEndpointRoutes } from '../resources/webhook-endpoints.ts'

/** A published endpoint and, when the simulator answers it, its route. */
export interface Endpoint {
  /** Such as `prices.create`. */
  readonly operation: string
  readonly method: string
  /** Such as `/v1/prices/{id}`. */
  readonly path: string
  readonly route: Route | undefined
}

/** Every operation that the simulator answers. */
export const routes: Routes = {
  ...productRoutes,
  ...priceRoutes,
  ...customerRoutes,
  ...checkoutSessionRoutes,
  ...subscriptionRoutes,
  ...subscriptionChangeRoutes,
  ...subscriptionPauseRoutes,
  ...subscriptionItemRoutes,
  ...subscriptionItemChangeRoutes,
  ...subscriptionScheduleRoutes,
  ...refundRoutes,
  ...disputeRoutes,
  ...couponRoutes,
  ...promotionCodeRoutes,
  ...meterRoutes,
  ...meterEventRoutes,
  ...invoiceRoutes,
  ...invoiceSettlementRoutes,
  ...intentRoutes,
  ...invoicePreviewRoutes,
  ...paymentMethodRoutes,
  ...portalConfigurationRoutes,
  ...portalSessionRoutes,
  ...eventRoutes,
  ...webhookEndpointRoutes,
  ...eventDestinationRoutes,
  ...thinEventRoutes,
  ...testClockRoutes,
  ...accountRoutes,
  ...creditNoteRoutes,
  ...invoiceDraftRoutes,
  ...invoiceItemRoutes,
  ...taxRateRoutes,
}

/** Every published endpoint, in an order in which the first match is the right one: fixed paths before patterns. */
export function endpoints(): readonly Endpoint[] {
  return publishedEndpoints()
    .map(({ operation, http }) => {
      const [method = '', path = ''] = http.split(' ')
      return { operation, method, path, route: routes[operation] }
    })
    .toSorted((left, right) => patterns(left.path) - patterns(right.path))
}

function patterns(path: string): number {
  return path.split('{').length
}
