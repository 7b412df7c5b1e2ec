import { DatabaseSync } from 'node:sqlite'
import { createFarebox } from '@farebox/core'
import { sqliteStore } from '@farebox/core/drivers/sqlite'
import { stripePayments } from '@farebox/core/drivers/stripe'
import { catalog } from './billing.ts'
import { auth, cookie } from './sign-in.ts'
import { connectStripe } from './stripe.ts'

const { APP_URL = 'http://localhost:3000', DATABASE_FILE = 'app.db', STRIPE_SECRET_KEY = '', STRIPE_WEBHOOK_SECRET = '' } = process.env

/** The catalog bound to a store, a sign-in and Stripe. Without a key of Stripe nothing is sold, and the pages say so. */
export const farebox = createFarebox({
  catalog,
  store: sqliteStore({ client: new DatabaseSync(DATABASE_FILE) }),
  auth,
  cookie,
  ...(STRIPE_SECRET_KEY !== '' && {
    payments: stripePayments({ client: connectStripe(STRIPE_SECRET_KEY), webhookSecret: STRIPE_WEBHOOK_SECRET }),
  }),
  appUrl: APP_URL,
  upgradeUrl: '/pricing',
  logger: console,
})
