import { createServer, type IncomingHttpHeaders } from 'node:http'
import { Stripe } from 'stripe'
import { onTestFinished } from 'vitest'
import { createStripeSimulator, type StripeSimulator, type StripeSimulatorOptions } from '../src/index.ts'

export const webhookSecret = 'whsec_test'

/** January 31, 2026, 10:00 UTC: a day that most months do not have. */
export const monthEnd: number = Date.UTC(2026, 0, 31, 10)

export interface RunningSimulator {
  readonly simulator: StripeSimulator
  readonly stripe: Stripe
  readonly url: string
}

/** A simulator that listens on a free port, with the unmodified `stripe` client on it, until the test is over. */
export async function startSimulator(options: StripeSimulatorOptions = {}): Promise<RunningSimulator> {
  const simulator = createStripeSimulator({ clock: { now: monthEnd, mode: 'frozen' }, ...options })
  const listening = await simulator.listen()
  onTestFinished(() => listening.close())
  const stripe = new Stripe('sk_test_simulator', {
    host: '127.0.0.1',
    port: listening.port,
    protocol: 'http',
    telemetry: false,
    maxNetworkRetries: 0,
  })
  return { simulator, stripe, url: listening.url }
}

export interface Delivered {
  readonly event: Stripe.Event
  readonly body: string
  readonly headers: IncomingHttpHeaders
}

export interface Receiver {
  readonly url: string
  readonly delivered: Delivered[]
  /** What comes next is answered with these statuses, then 200 again. */
  readonly answers: number[]
}

/** A webhook endpoint whose deliveries are verified by the `stripe` package itself. */
export async function startReceiver(): Promise<Receiver> {
  const delivered: Delivered[] = []
  const answers: number[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const signature = String(request.headers['stripe-signature'])
      delivered.push({ event: Stripe.webhooks.constructEvent(body, signature, webhookSecret), body, headers: request.headers })
      response.statusCode = answers.shift() ?? 200
      response.end()
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void server.close())
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('No port')
  return { url: `http://127.0.0.1:${address.port}/webhooks`, delivered, answers }
}

/** Options that deliver everything to a receiver, without waiting between attempts. */
export function deliverTo(receiver: Receiver): StripeSimulatorOptions {
  return {
    webhookEndpoints: [{ url: receiver.url, secret: webhookSecret }],
    deliveries: { retryDelaysMs: [0, 0] },
  }
}

/** A product with a monthly price of 29 USD and a yearly one of 290 USD. */
export async function createPlan(stripe: Stripe): Promise<{ product: Stripe.Product; month: Stripe.Price; year: Stripe.Price }> {
  const product = await stripe.products.create({ name: 'Pro' })
  const month = await stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 2900,
    recurring: { interval: 'month' },
    lookup_key: 'pro_month',
  })
  const year = await stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 29_000,
    recurring: { interval: 'year' },
    lookup_key: 'pro_year',
  })
  return { product, month, year }
}

/** A customer with a session for the given price. */
export async function openCheckout(
  stripe: Stripe,
  price: string,
  more: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<{ customer: Stripe.Customer; session: Stripe.Checkout.Session }> {
  const customer = await stripe.customers.create({ email: 'ada@example.com' })
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customer.id,
    line_items: [{ price, quantity: 1 }],
    success_url: 'http://localhost/done?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'http://localhost/plans',
    ...more,
  })
  return { customer, session }
}

/** A customer who has paid for the given price. */
export async function subscribe(
  { simulator, stripe }: RunningSimulator,
  price: string,
  more: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<{ customer: Stripe.Customer; subscription: Stripe.Subscription }> {
  const { customer, session } = await openCheckout(stripe, price, more)
  simulator.completeCheckout(session.id)
  return { customer, subscription: await onlySubscription(stripe, customer.id) }
}

export async function onlySubscription(stripe: Stripe, customer: string): Promise<Stripe.Subscription> {
  const { data } = await stripe.subscriptions.list({ customer, status: 'all' })
  const [subscription] = data
  if (subscription === undefined || data.length > 1) throw new Error(`${data.length} subscriptions instead of one`)
  return subscription
}

/** The id of a related object that was not expanded. */
export function idOf(related: string | { readonly id: string } | null): string {
  if (typeof related === 'string') return related
  throw new Error('Expanded or missing')
}

/** What a promise was rejected with, as Stripe's client reports it. */
export async function refusalOf(promise: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (outcome instanceof Stripe.errors.StripeError) return outcome
  throw new Error(`Not refused by Stripe: ${String(outcome)}`)
}
