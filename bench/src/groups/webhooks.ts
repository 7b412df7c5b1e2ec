import { stripePayments } from '@farebox/core/drivers/stripe'
import { Stripe } from 'stripe'
import { createStripeDelivery, eventId, webhookSecret } from '../fixtures/stripe-delivery.ts'
import { createDeliveryCheck } from '../floors/signature-check.ts'
import { awaited, direct } from '../harness/calls.ts'
import type { Group } from '../harness/variant.ts'
import { edgeGroups } from './edge.ts'

const sizes = [2, 20] as const

/** Checking a webhook's signature over its raw bytes, and parsing it. */
export async function* webhookGroups(): AsyncGenerator<Group> {
  for (const kilobytes of sizes) yield groupOf(kilobytes)
  yield* edgeGroups('webhooks')
}

function groupOf(kilobytes: number): Group {
  const { body, signature } = createStripeDelivery(kilobytes * 1000)
  const client = new Stripe('sk_test_bench')
  const { webhooks } = client
  const subtle = Stripe.createSubtleCryptoProvider()
  const payments = stripePayments({ client, webhookSecret })
  const checkDelivery = createDeliveryCheck(webhookSecret)
  return {
    title: `Webhooks of ${kilobytes} kB`,
    variants: [
      direct({ name: 'node:crypto HMAC and JSON.parse', call: () => checkDelivery(body, signature), isRight }),
      direct({ name: 'stripe constructEvent', call: () => webhooks.constructEvent(body, signature, webhookSecret), isRight }),
      awaited({
        name: 'stripe constructEventAsync',
        call: () => webhooks.constructEventAsync(body, signature, webhookSecret),
        isRight,
      }),
      awaited({
        name: 'stripe constructEventAsync, SubtleCrypto',
        call: () => webhooks.constructEventAsync(body, signature, webhookSecret, undefined, subtle),
        isRight,
      }),
      awaited({ name: 'Farebox readDelivery', goal: 0.97, call: () => payments.readDelivery(body, signature), isRight }),
    ],
  }
}

function isRight({ id }: { readonly id: string }): boolean {
  return id === eventId
}
