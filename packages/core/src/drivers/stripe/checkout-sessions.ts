import * as z from 'zod/mini'
import { second } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import type { CheckoutSession, Payments } from '../../ports/payments.ts'
import { getPlanPrice, isSoldIn } from './change-reading.ts'
import type { CheckoutParameters } from './checkout-options.ts'
import type { StripeClient } from './client.ts'
import { customerMetadata, installationMetadata, operationMetadata, planMetadata, portalMetadata } from '../../catalog/stripe-names.ts'
import { refuseCode, refuseUsed } from './promotion-codes.ts'
import { readPages } from './read-pages.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'
import type { StripePrice } from './subscription-shape.ts'
import { writeOnce } from './write-once.ts'

/** Stripe's bound for `client_reference_id`; a longer customer id is in the metadata alone. */
export const longestReference = 200

const configurationShape = z.object({ id: z.string(), metadata: z.optional(z.nullable(z.record(z.string(), z.string()))) })

const currencyShape = z.object({ currency: z.optional(z.nullable(z.string())) })

const sessionShape = z.object({
  id: z.string(),
  url: z.optional(z.nullable(z.string())),
  status: z.nullable(z.string()),
  expires_at: z.int(),
})

const madeShape = z.extend(sessionShape, { metadata: z.optional(z.nullable(z.record(z.string(), z.string()))) })

/** A trial that began without a card ends by itself where none was given: nothing is owed, and nothing stays open. */
const cardlessEnd = { trial_settings: { end_behavior: { missing_payment_method: 'cancel' } } }

/** Checkout and portal pages that Stripe hosts. */
export type HostedPages = Pick<Payments, 'createCheckout' | 'findCheckout' | 'expireCheckout' | 'createPortal'>

export function createHostedPages(
  client: StripeClient,
  installation: string | undefined,
  { portalConfiguration, checkout }: { readonly portalConfiguration: string | undefined; readonly checkout: CheckoutParameters },
): HostedPages {
  let pushed: string | undefined

  /** The currency that a customer was billed in before, where the price has it; otherwise the price's usual one. */
  async function currencyFor(customer: string, price: StripePrice): Promise<string | undefined> {
    const { currency: before } = parseAnswer(currencyShape, await callStripe(() => client.customers.retrieve(customer)))
    return before != null && (await isSoldIn(client, price, before)) ? before : price.currency
  }

  /** The portal configuration of `farebox push`, asked for until there is one. */
  async function pushedConfiguration(): Promise<string | undefined> {
    const listed = await readPages(configurationShape, (cursor) => client.billingPortal.configurations.list({ active: true, limit: 100, ...cursor }))
    return listed.find(
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
      const { plan, interval, quantity, promotionCode, trialDays, operation } = request
      if (promotionCode !== null) await refuseUsed(client, promotionCode, { customer: request.paymentCustomer }, null)
      const price = await getPlanPrice(client, plan, interval, installation, request.currency)
      // Without one Stripe would choose by where the customer seems to be.
      const currency = request.currency ?? (await currencyFor(request.paymentCustomer, price))
      const { allow_promotion_codes, ...others } = checkout
      const isCardless = trialDays > 0 && !request.trialRequiresCard
      const parameters = {
        ...others,
        ...(promotionCode === null && allow_promotion_codes !== undefined && { allow_promotion_codes }),
        mode: 'subscription',
        customer: request.paymentCustomer,
        ...(request.customer.length <= longestReference && { client_reference_id: request.customer }),
        line_items: [{ price: price.id, quantity }],
        ...(currency !== undefined && { currency }),
        ...(promotionCode !== null && { discounts: [{ promotion_code: promotionCode }] }),
        success_url: request.successUrl,
        cancel_url: request.cancelUrl,
        metadata: { ...metadata, [operationMetadata]: operation },
        subscription_data: { metadata, ...(trialDays > 0 && { trial_period_days: trialDays, ...(isCardless && cardlessEnd) }) },
        ...(isCardless && { payment_method_collection: 'if_required' }),
      }
      return writeOnce({
        intent: 'checkout',
        parameters: [operation, parameters],
        write: async (idempotencyKey) =>
          toSession(await client.checkout.sessions.create(parameters, { idempotencyKey }).catch(refuseCode)),
        find: () => findMade(client, request.paymentCustomer, operation),
      })
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

/** The session that an attempt made, if it made one. */
export async function findMade(client: StripeClient, customer: string, operation: string): Promise<CheckoutSession | undefined> {
  const sessions = await readPages(madeShape, (cursor) => client.checkout.sessions.list({ customer, limit: 100, ...cursor }))
  const made = sessions.find(({ metadata }) => metadata?.[operationMetadata] === operation)
  return made && toSession(made)
}

export function toSession(answer: unknown): CheckoutSession {
  const { id, url, status, expires_at } = parseAnswer(sessionShape, answer)
  const isKnown = status === 'open' || status === 'complete'
  return { id, url: url ?? null, status: isKnown ? status : 'expired', expiresAt: expires_at * second }
}
