import * as z from 'zod/mini'
import { second } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import type { CheckoutRequest, CheckoutSession, Payments } from '../../ports/payments.ts'
import type { StripeClient } from './client.ts'
import { idempotencyKeyOf } from './idempotency-key.ts'
import { customerMetadata, installationMetadata, lookupKeyOf, planMetadata, portalMetadata } from './names.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'

/** Stripe's bound for `client_reference_id`; a longer customer id is in the metadata alone. */
const longestReference = 200

const listShape = z.object({ data: z.array(z.object({ id: z.string() })) })

const configurationsShape = z.object({
  data: z.array(z.object({ id: z.string(), metadata: z.optional(z.nullable(z.record(z.string(), z.string()))) })),
})

const sessionShape = z.object({
  id: z.string(),
  url: z.optional(z.nullable(z.string())),
  status: z.nullable(z.string()),
  expires_at: z.int(),
})

/** Checkout and portal pages that Stripe hosts. */
export type HostedPages = Pick<Payments, 'createCheckout' | 'findCheckout' | 'expireCheckout' | 'createPortal'>

export function createHostedPages(
  client: StripeClient,
  installation: string | undefined,
  portalConfiguration: string | undefined,
): HostedPages {
  let pushed: string | undefined

  async function priceOf({ plan, interval }: CheckoutRequest): Promise<string> {
    const lookupKey = lookupKeyOf(plan, interval, installation)
    const listed = await callStripe(() => client.prices.list({ lookup_keys: [lookupKey], active: true, limit: 1 }))
    const [price] = parseAnswer(listShape, listed).data
    if (price !== undefined) return price.id
    throw new FareboxError('payments-failed', 'Stripe has no price for this plan: run `npx farebox push`', {
      reason: 'price-missing',
      faults: [{ path: `plans.${plan}.prices.${interval}`, message: `No active price has the lookup key ${lookupKey}` }],
    })
  }

  /** The portal configuration of `farebox push`, asked for until there is one. */
  async function pushedConfiguration(): Promise<string | undefined> {
    const listed = await callStripe(() => client.billingPortal.configurations.list({ active: true, limit: 100 }))
    return parseAnswer(configurationsShape, listed).data.find(
      ({ metadata }) => metadata?.[portalMetadata] !== undefined && metadata[installationMetadata] === installation,
    )?.id
  }

  return {
    async createCheckout(request) {
      const metadata = {
        [customerMetadata]: request.customer,
        [planMetadata]: request.plan,
        ...(installation !== undefined && { [installationMetadata]: installation }),
      }
      const parameters = {
        mode: 'subscription',
        customer: request.paymentCustomer,
        ...(request.customer.length <= longestReference && { client_reference_id: request.customer }),
        line_items: [{ price: await priceOf(request), quantity: 1 }],
        success_url: request.successUrl,
        cancel_url: request.cancelUrl,
        metadata,
        subscription_data: { metadata, ...(request.trialDays > 0 && { trial_period_days: request.trialDays }) },
      }
      const idempotencyKey = await idempotencyKeyOf('checkout', [request.operation, parameters])
      return toSession(await callStripe(() => client.checkout.sessions.create(parameters, { idempotencyKey })))
    },

    async findCheckout(session) {
      try {
        return toSession(await callStripe(() => client.checkout.sessions.retrieve(session)))
      } catch (error) {
        if (error instanceof FareboxError && error.reason === 'resource_missing') return undefined
        throw error
      }
    },

    async expireCheckout(session) {
      try {
        return toSession(await callStripe(() => client.checkout.sessions.expire(session)))
      } catch (error) {
        // Stripe refuses to expire what is no longer open; then what it has become is the answer.
        if (!(error instanceof FareboxError) || error.code !== 'payments-failed') throw error
        const found = toSession(await callStripe(() => client.checkout.sessions.retrieve(session)))
        if (found.status === 'open') throw error
        return found
      }
    },

    async createPortal({ paymentCustomer, returnUrl }) {
      pushed ??= portalConfiguration === undefined ? await pushedConfiguration() : undefined
      const id = portalConfiguration ?? pushed
      const parameters = { customer: paymentCustomer, return_url: returnUrl, ...(id !== undefined && { configuration: id }) }
      const made = await callStripe(() => client.billingPortal.sessions.create(parameters)).catch((error: unknown) => {
        // It may have been put out of use: the next visit looks for the one that is kept now.
        pushed = undefined
        throw error
      })
      return { url: parseAnswer(z.object({ url: z.string() }), made).url }
    },
  }
}

function toSession(answer: unknown): CheckoutSession {
  const { id, url, status, expires_at } = parseAnswer(sessionShape, answer)
  const isKnown = status === 'open' || status === 'complete'
  return { id, url: url ?? null, status: isKnown ? status : 'expired', expiresAt: expires_at * second }
}
