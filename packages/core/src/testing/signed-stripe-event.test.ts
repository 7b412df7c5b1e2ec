import { Stripe } from 'stripe'
import { describe, expect, it } from 'vitest'
import { signedStripeEvent } from './signed-stripe-event.ts'

const secret = 'whsec_for_this_test_only'
const stripe = new Stripe('sk_test_for_this_test_only')
const event = JSON.stringify({ id: 'evt_1', object: 'event', type: 'invoice.paid', data: { object: { name: 'Zoë 😀' } } })

const refused = 'No signatures found matching'

describe('signedStripeEvent()', () => {
  it('signs as Stripe does: its own client accepts the delivery', async () => {
    const { body, signature } = await signedStripeEvent({ body: event, secret, at: Date.now() })

    const read = await stripe.webhooks.constructEventAsync(new TextDecoder().decode(body), signature, secret)

    expect(read.id).toBe('evt_1')
    expect(new TextDecoder().decode(body)).toBe(event)
  })

  it('is refused with another secret, another body or another time', async () => {
    const { signature } = await signedStripeEvent({ body: event, secret, at: Date.now() })
    const old = await signedStripeEvent({ body: event, secret, at: Date.now() - 600_000 })

    await expect(stripe.webhooks.constructEventAsync(event, signature, 'whsec_another')).rejects.toThrow(refused)
    await expect(stripe.webhooks.constructEventAsync(`${event} `, signature, secret)).rejects.toThrow(refused)
    await expect(stripe.webhooks.constructEventAsync(event, old.signature, secret)).rejects.toThrow('Timestamp outside')
  })

  it('signs bytes as they are', async () => {
    const bytes = new Uint8Array([0, 255, 128, 10])

    const { body, signature } = await signedStripeEvent({ body: bytes, secret, at: 1_700_000_000_999 })

    expect(body).toBe(bytes)
    expect(signature).toMatch(/^t=1700000000,v1=[0-9a-f]{64}$/)
  })
})
