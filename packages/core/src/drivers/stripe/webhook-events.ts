import { relevantTypes } from './parse-event.ts'

/** What a subscription of Stripe tells: https://docs.stripe.com/api/events/types */
const ofSubscriptions = ['created', 'updated', 'deleted', 'paused', 'resumed', 'trial_will_end', 'pending_update_applied', 'pending_update_expired']

/** The events that a webhook endpoint of the app is to be sent, in alphabetical order. Others do no harm and change nothing. */
export const webhookEvents: readonly string[] = Object.freeze(
  [...relevantTypes, ...ofSubscriptions.map((name) => `customer.subscription.${name}`)].toSorted((one, other) => (one < other ? -1 : 1)),
)
