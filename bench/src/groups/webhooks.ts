import { Stripe } from 'stripe'
import { createStripeDelivery, eventId, webhookSecret } from '../fixtures/stripe-delivery.ts'
import { withoutNode } from '../fixtures/without-node.ts'
import { createDeliveryCheck } from '../floors/signature-check.ts'
import { awaited, direct } from '../harness/calls.ts'
import { type Maker, type Measurement, isolate } from '../harness/isolated.ts'
import type { Group } from '../harness/variant.ts'

/** In kB. */
type Size = 2 | 20

const isRight = ({ id }: { readonly id: string }): boolean => id === eventId

function floor(size: Size): Maker {
  return () => {
    const { body, signature } = createStripeDelivery(size * 1000)
    const checkDelivery = createDeliveryCheck(webhookSecret)
    return direct({ name: 'node:crypto HMAC and JSON.parse', call: () => checkDelivery(body, signature), isRight })
  }
}

function stripe(size: Size): Maker {
  return () => {
    const { body, signature } = createStripeDelivery(size * 1000)
    const { webhooks } = new Stripe('sk_test_bench')
    return direct({ name: 'stripe constructEvent', call: () => webhooks.constructEvent(body, signature, webhookSecret), isRight })
  }
}

function stripeAsync(size: Size, more: string, provider?: ReturnType<typeof Stripe.createSubtleCryptoProvider>): Maker {
  return () => {
    const { body, signature } = createStripeDelivery(size * 1000)
    const { webhooks } = new Stripe('sk_test_bench')
    const call = () => webhooks.constructEventAsync(body, signature, webhookSecret, undefined, provider)
    return awaited({ name: `stripe constructEventAsync${more}`, call, isRight })
  }
}

/** Stripe's check with WebCrypto, which imports the secret for every event. */
function stripeAtTheEdge(size: Size): Maker {
  return stripeAsync(size, ', SubtleCrypto', Stripe.createSubtleCryptoProvider())
}

function farebox(size: Size, goal: number, load = importStripe): Maker {
  return async () => {
    const { stripePayments } = await load()
    const { body, signature } = createStripeDelivery(size * 1000)
    const payments = stripePayments({ client: new Stripe('sk_test_bench'), webhookSecret })
    return awaited({ name: 'Farebox readDelivery', goal, call: () => payments.readDelivery(body, signature), isRight })
  }
}

/** Not before it is needed: what is loaded knows its platform for good. */
function importStripe() {
  return import('@farebox/core/drivers/stripe')
}

function onNode(size: Size): Measurement {
  return {
    title: `Webhooks of ${size} kB`,
    makers: [floor(size), stripe(size), stripeAsync(size, ''), stripeAtTheEdge(size), farebox(size, 0.97)],
  }
}

/** Checking a webhook's signature over its raw bytes, and parsing it. */
export const measurements: readonly Measurement[] = [
  onNode(2),
  onNode(20),
  {
    title: 'Webhooks of 2 kB where there is only WebCrypto',
    makers: [stripeAtTheEdge(2), farebox(2, 1.6, () => withoutNode(importStripe))],
  },
]

export async function* webhookGroups(): AsyncGenerator<Group> {
  for (const [place, measurement] of measurements.entries()) yield isolate(import.meta.url, place, measurement)
}
