import { importSPKI, jwtVerify } from 'jose'
import { Stripe } from 'stripe'
import { createBearerTokens, forged, issuer, party } from '../fixtures/bearer-tokens.ts'
import { createStripeDelivery, eventId, webhookSecret } from '../fixtures/stripe-delivery.ts'
import { withoutNode } from '../fixtures/without-node.ts'
import { awaited } from '../harness/calls.ts'
import { type Measurement, isolate } from '../harness/isolated.ts'
import type { Group, Variant } from '../harness/variant.ts'

const algorithm = 'RS256'
const isSubject = (subject: string): boolean => /^user_\d+$/.test(subject)
const isEvent = ({ id }: { readonly id: string }): boolean => id === eventId

/** What is asked of tokens here, each time with a new string. */
async function tokenVariant(name: string, goal: number | null, make: (pem: string) => Promise<(token: string) => Promise<string>>): Promise<Variant> {
  const { tokens, pem } = await createBearerTokens(algorithm)
  const verify = await make(pem)
  const bytes = tokens.map((token) => Buffer.from(token, 'latin1'))
  const answer = await verify(forged(tokens[0] ?? '')).catch(() => undefined)
  if (answer !== undefined) throw new Error(`${name} takes a forged token`)
  return awaited({
    name,
    ...(goal === null ? {} : { goal }),
    call: (count) => verify(bytes[count % bytes.length]?.toString('latin1') ?? ''),
    isRight: isSubject,
  })
}

function jose(): Promise<Variant> {
  return tokenVariant('jose jwtVerify, imported key', null, async (pem) => {
    const key = await importSPKI(pem, algorithm)
    return async (token) => (await jwtVerify(token, key, { issuer, algorithms: [algorithm] })).payload.sub ?? ''
  })
}

function farebox(): Promise<Variant> {
  return tokenVariant('Farebox jwtAuth, cold', 0.9, async (pem) => {
    const { jwtAuth } = await withoutNode(() => import('@farebox/core/drivers/jose'))
    const { verifier } = jwtAuth({ issuer, authorizedParties: [party], keys: { publicKey: pem, algorithm }, cacheSize: 1 })
    return async (token) => (await verifier.verify(token)).subject
  })
}

/** Stripe's own check with WebCrypto, which imports the secret for every event. */
function stripe(kilobytes: number): Variant {
  const { body, signature } = createStripeDelivery(kilobytes * 1000)
  const { webhooks } = new Stripe('sk_test_bench')
  const subtle = Stripe.createSubtleCryptoProvider()
  return awaited({
    name: 'stripe constructEventAsync, SubtleCrypto',
    call: () => webhooks.constructEventAsync(body, signature, webhookSecret, undefined, subtle),
    isRight: isEvent,
  })
}

async function fareboxWebhook(kilobytes: number, goal: number): Promise<Variant> {
  const { stripePayments } = await withoutNode(() => import('@farebox/core/drivers/stripe'))
  const { body, signature } = createStripeDelivery(kilobytes * 1000)
  const payments = stripePayments({ client: new Stripe('sk_test_bench'), webhookSecret })
  return awaited({ name: 'Farebox readDelivery', goal, call: () => payments.readDelivery(body, signature), isRight: isEvent })
}

/** Each variant has a process of its own, for what is loaded knows its platform for good. */
export const measurements: readonly Measurement[] = [
  { title: 'RS256 tokens where there is only WebCrypto, one at a time', makers: [jose, farebox] },
  { title: 'Webhooks of 2 kB where there is only WebCrypto', makers: [() => stripe(2), () => fareboxWebhook(2, 1.6)] },
]

/** One of the {@link measurements}. */
export async function* edgeGroups(topic: 'tokens' | 'webhooks'): AsyncGenerator<Group> {
  const place = topic === 'tokens' ? 0 : 1
  const measurement = measurements[place]
  if (measurement !== undefined) yield isolate(import.meta.url, place, measurement)
}
