import { createRouteHandlers } from '@farebox/next'
import { farebox } from '../../../../farebox.ts'

/** Everything that the pages ask for, and Stripe's webhooks at `/api/billing/webhooks/stripe`. */
export const { GET, POST, DELETE } = createRouteHandlers(farebox)
