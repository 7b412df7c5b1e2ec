import { invalidRequest } from '../errors.ts'
import { get } from '../get.ts'
import { expireSession } from '../lifecycle/due/fall-due.ts'
import { listHeld, type PageParameters } from '../responses/paginate.ts'
import { renderLineItems } from '../responses/render-line-item.ts'
import { render } from '../responses/render.ts'
import { createSession } from './checkout-session-creation.ts'
import type { NewSession } from './checkout-session-object.ts'
import { listRoute } from './list-route.ts'
import { retrieveRoute } from './retrieve-route.ts'
import { pageParameters, route, type Routes } from './route.ts'

export const checkoutSessionRoutes: Routes = {
  'checkout-sessions.create': route<NewSession>({
    supports: [
      'allow_promotion_codes',
      'automatic_tax.enabled',
      'billing_address_collection',
      'cancel_url',
      'client_reference_id',
      'consent_collection.terms_of_service',
      'currency',
      'customer',
      'customer_creation',
      'customer_email',
      'discounts.coupon',
      'discounts.promotion_code',
      'expires_at',
      'invoice_creation.enabled',
      'invoice_creation.invoice_data.description',
      'invoice_creation.invoice_data.metadata',
      'line_items.price',
      'line_items.quantity',
      'metadata',
      'mode',
      'payment_intent_data.description',
      'payment_intent_data.metadata',
      'payment_intent_data.setup_future_usage',
      'payment_method_collection',
      'phone_number_collection.enabled',
      'setup_intent_data.description',
      'setup_intent_data.metadata',
      'subscription_data.billing_mode.type',
      'subscription_data.default_tax_rates',
      'subscription_data.description',
      'subscription_data.metadata',
      'subscription_data.trial_end',
      'subscription_data.trial_period_days',
      'subscription_data.trial_settings.end_behavior.missing_payment_method',
      'success_url',
      'tax_id_collection',
      'ui_mode',
    ],
    echoes: [
      'consent_collection.promotions',
      'customer_update',
      'integration_identifier',
      'locale',
      'submit_type',
    ],
    handle: ({ account, parameters, origin }) => render(account.store, createSession(account, parameters, origin)),
  }),
  'checkout-sessions.retrieve': retrieveRoute('checkoutSessions'),
  'checkout-sessions.list': listRoute('checkoutSessions', { fields: ['created', 'customer', 'status', 'subscription'] }),
  'checkout-sessions.expire': route({
    handle({ account, id }) {
      const session = get(account.store.checkoutSessions, id)
      if (session.status !== 'open') {
        const message = `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`
        throw invalidRequest(message)
      }
      expireSession(account, id)
      return render(account.store, get(account.store.checkoutSessions, id))
    },
  }),
  'checkout-sessions.listLineItems': route<PageParameters>({
    supports: pageParameters,
    handle({ account, id, parameters, path }) {
      const items = renderLineItems(account.store, get(account.store.checkoutSessions, id))
      return listHeld(items, 'item', parameters, path)
    },
  }),
}
