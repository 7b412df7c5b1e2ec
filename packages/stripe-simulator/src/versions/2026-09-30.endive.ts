import { without, type VersionStep } from './version-step.ts'

/** 2026-09-30.endive: why a subscription is paused, and trials of single items. Before it, neither could be told. */
export const endive: VersionStep = {
  version: '2026-09-30.endive',
  before: {
    subscription: (subscription) => without(subscription, 'status_details'),
    subscription_item: (item) => without(item, 'current_trial'),
    invoice: (invoice) => without(invoice, 'status_details'),
    'checkout.session': (session) => without(session, 'allowed_payment_method_types'),
  },
}
