import { Stripe } from 'stripe'
import { describe, expect, it } from 'vitest'
import { isFareboxError } from '../../errors/error.ts'
import type { StripeClient } from './client.ts'
import { stripePayments } from './stripe-payments.ts'

const client: StripeClient = new Stripe('sk_test_nothing')
const secret = 'whsec_canary7a1f'
const now = Date.UTC(2026, 10, 21)
const payments = stripePayments({ client, webhookSecret: secret, mode: 'test', clock: { now: () => now } })

function faultsOf(make: () => unknown): readonly string[] {
  try {
    make()
    return []
  } catch (error) {
    if (!isFareboxError(error) || error.code !== 'invalid-configuration' || error.message.includes('canary')) throw error
    return error.faults.map((fault) => fault.path)
  }
}

async function read(event: unknown, key = secret): Promise<unknown> {
  const payload = typeof event === 'string' ? event : JSON.stringify(event)
  const header = await new Stripe('sk_test_x').webhooks.generateTestHeaderStringAsync({ payload, secret: key, timestamp: now / 1000 })
  return payments.readDelivery(new TextEncoder().encode(payload), header).catch((error: unknown) => {
    if (!isFareboxError(error) || error.message.includes('canary')) throw error
    return `${error.code}:${error.reason}`
  })
}

function snapshot(type: string, object: object, rest: object = {}): object {
  return { id: 'evt_1', object: 'event', type, livemode: false, created: 1, data: { object }, ...rest }
}

describe('configuring stripePayments', () => {
  it('takes the client of the stripe package as it is', () => {
    expect(faultsOf(() => stripePayments({ client, webhookSecret: [secret, 'whsec_next'] }))).toEqual([])
  })

  it('names every fault at once and shows no secret', () => {
    const broken = { client: {} as StripeClient, webhookSecret: ['', ' ', 'sk_test_canary', 'whsec_canary '], installation: 'A b', portalConfiguration: 'canary' }
    expect(faultsOf(() => stripePayments(broken))).toEqual([
      'client', 'webhookSecret.0', 'webhookSecret.1', 'webhookSecret.2', 'webhookSecret.3', 'installation', 'portalConfiguration',
    ])
    expect(faultsOf(() => stripePayments({ client, webhookSecret: '' }))).toEqual(['webhookSecret'])
    expect(faultsOf(() => stripePayments({ client, webhookSecret: [] }))).toEqual(['webhookSecret'])
  })
})

describe('reading a delivery', () => {
  it('reads a snapshot event, whose customer may be expanded', async () => {
    expect(await read(snapshot('customer.subscription.updated', { object: 'subscription', id: 'sub_1', customer: 'cus_1' }))).toEqual({
      id: 'evt_1', type: 'customer.subscription.updated', createdAt: 1000, relevant: true, ours: true, paymentCustomer: 'cus_1',
    })
    expect(await read(snapshot('invoice.paid', { object: 'invoice', customer: { id: 'cus_2' } }))).toMatchObject({ paymentCustomer: 'cus_2' })
    expect(await read(snapshot('customer.deleted', { object: 'customer', id: 'cus_3' }))).toMatchObject({ paymentCustomer: 'cus_3' })
  })

  it('reads a thin event, and names it as its twin', async () => {
    const thin = { id: 'evt_thin', object: 'v2.core.event', livemode: false, created: '2026-11-21T00:00:00.000Z' }
    expect(
      await read({ ...thin, type: 'v1.customer.deleted', snapshot_event: 'evt_1', related_object: { id: 'cus_4', type: 'customer', url: '/x' } }),
    ).toEqual({ id: 'evt_1', type: 'v1.customer.deleted', createdAt: Date.UTC(2026, 10, 21), relevant: true, ours: true, paymentCustomer: 'cus_4' })
  })

  it('says what is not ours or of no matter, without asking Stripe', async () => {
    const subscription = { object: 'subscription', customer: 'cus_1' }
    expect(await read(snapshot('customer.subscription.updated', subscription, { livemode: true }))).toMatchObject({ ours: false, paymentCustomer: null })
    expect(await read(snapshot('price.updated', { object: 'price', id: 'price_1' }))).toMatchObject({ relevant: false, paymentCustomer: null })
    expect(await read(snapshot('invoice.upcoming', { object: 'invoice', customer: 'cus_1' }))).toMatchObject({ relevant: false })
  })

  it('takes for a reason to read again what can change access or links a customer, whatever its kind', async () => {
    const reasons = [
      'checkout.session.completed', 'checkout.session.async_payment_succeeded', 'checkout.session.async_payment_failed', 'checkout.session.expired',
      'customer.created', 'customer.updated', 'customer.deleted', 'customer.subscription.created', 'customer.subscription.updated', 'customer.subscription.deleted',
      'customer.subscription.paused', 'customer.subscription.resumed', 'customer.subscription.pending_update_applied', 'customer.subscription.of_tomorrow',
      'invoice.paid', 'invoice.overdue', 'invoice.payment_failed', 'invoice.payment_action_required', 'invoice.finalization_failed',
      'invoice.voided', 'invoice.marked_uncollectible', 'payment_method.updated', 'payment_method.automatically_updated', 'payment_intent.processing', 'credit_note.created', 'credit_note.voided',
    ]
    const others = ['invoice.payment_succeeded', 'customer.source.created', 'payment_method.attached', 'invoice.created', 'invoice.upcoming', 'charge.succeeded', 'payment_intent.succeeded', 'credit_note.updated', 'invoice.paid.twice', 'v2.core.event_destination.ping', 'v2.core.account[configuration.customer].updated']
    for (const type of [...reasons, ...reasons.map((name) => `v1.${name}`)]) {
      expect(await read(snapshot(type, { customer: 'cus_1' }))).toMatchObject({ type, relevant: true, paymentCustomer: 'cus_1' })
    }
    for (const type of others) {
      expect(await read(snapshot(type, { customer: 'cus_1' }))).toMatchObject({ type, relevant: false, paymentCustomer: null })
    }
  })

  it.each([
    ['nothing', ''],
    ['text', 'canary'],
    ['another object', { object: 'canary' }],
    ['no id', { object: 'event', type: 'invoice.paid', livemode: false, data: { object: {} } }],
    ['an id that is no name', snapshot('invoice.paid', {}, { id: 'evt canary' })],
    ['a list', []],
    ['null', null],
    ['an id past any bound', snapshot('invoice.paid', {}, { id: 'x'.repeat(256) })],
  ])('refuses a signed body that is no event: %s', async (_, event) => {
    expect(await read(event)).toBe('invalid-request:malformed-event')
  })

  it('refuses a forged body before looking at it, whatever the host', async () => {
    expect(await read('{"canary', 'whsec_forged')).toBe('invalid-signature:signature-mismatch')
  })

  it('refuses a body that is too large', async () => {
    expect(await read('x'.repeat(1024 * 1024 + 1))).toBe('invalid-request:payload-too-large')
  })

  it('refuses a signed body that is not UTF-8', async () => {
    // An event but for one byte, which a lenient decoder would have repaired.
    const text = new TextEncoder().encode(JSON.stringify(snapshot('invoice.paid', { note: '#' })))
    const body = text.map((byte) => (byte === 0x23 ? 0xff : byte))
    const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    const signed = new Uint8Array([...new TextEncoder().encode(`${now / 1000}.`), ...body])
    const mac = Buffer.from(await crypto.subtle.sign('HMAC', key, signed)).toString('hex')
    await expect(payments.readDelivery(body, `t=${now / 1000},v1=${mac}`)).rejects.toMatchObject({ reason: 'malformed-event' })
  })
})
