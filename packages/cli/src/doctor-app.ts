import { randomBytes } from 'node:crypto'
import { signedStripeEvent } from '@farebox/core/testing'
import { type DoctorCheck, checkClock, fault, ok, skipped, warning } from './doctor-check.ts'

/** The deployed app as Stripe and its own users reach it. */
export interface DeployedApp {
  /** The base of its billing routes. */
  readonly base: string
  readonly webhookSecret: string | undefined
  readonly mode: 'test' | 'live'
  /** One of Stripe's customers that names one of the app's; `null` where there is none yet, `undefined` where Stripe could not be asked. */
  readonly paymentCustomer: string | null | undefined
  readonly now: () => number
}

/** Stripe itself gives up after ten seconds or so. */
const patience = 10_000

const addressFix = 'Deploy the app there, or say where it is with --url'

/** Asks the app how it is, and sends it deliveries as Stripe would: one with a wrong signature, then one that is right. */
export async function checkApp(app: DeployedApp): Promise<readonly DoctorCheck[]> {
  const health = await ask(`${app.base}/health`)
  if (typeof health === 'string') return [fault('app', `${app.base}/health does not answer: ${health}`, addressFix)]
  const clock = checkClock('app-clock', 'The app', health.headers.get('date'), app.now())
  return [await checkHealth(app, health), clock, ...(await checkWebhook(app)), await checkKeys(app)]
}

async function checkHealth({ base }: DeployedApp, health: Response): Promise<DoctorCheck> {
  const body: unknown = await health.json().catch(() => undefined)
  const parts = typeof body === 'object' && body !== null && 'parts' in body ? body.parts : undefined
  if (typeof parts !== 'object' || parts === null) {
    return fault('app', `${base}/health answers ${health.status}, and nothing of Farebox`, 'Say with --url where the billing routes are, such as https://app.example/api/billing')
  }
  const states: readonly unknown[] = Object.values(parts)
  const found = Object.entries(parts).map(([part, state]) => `${part} ${String(state)}`).join(', ')
  if (health.status === 200 && states.every((state) => state === 'ok')) return ok('app', found)
  if (states.includes('down')) return fault('app', found, 'Look at the store: is it running, may the app reach it, did its migrations run?')
  return warning('app', found, 'Events were put aside: run npx farebox replay')
}

async function checkWebhook(app: DeployedApp): Promise<readonly DoctorCheck[]> {
  const { webhookSecret } = app
  if (webhookSecret === undefined || webhookSecret === '') {
    return [fault('webhook', 'The signing secret is not known here', 'Set STRIPE_WEBHOOK_SECRET to the secret of the endpoint, whsec_...')]
  }
  const refused = await deliver(app, eventFor(app, null), `${webhookSecret}x`)
  const accepted = await deliver(app, eventFor(app, null), webhookSecret)
  return [checkRefusal(refused), checkAcceptance(accepted), await checkRoundTrip(app, accepted, webhookSecret)]
}

function checkRefusal(answer: Response | string): DoctorCheck {
  const name = 'signature'
  if (typeof answer === 'string') return fault(name, `The webhook route does not answer: ${answer}`, addressFix)
  if (answer.status === 400) return ok(name, 'A wrong signature is refused')
  if (answer.ok) return fault(name, `A wrong signature is answered with ${answer.status}`, 'Let Farebox answer this route: somebody else takes unsigned events as true')
  return fault(name, `A wrong signature is answered with ${answer.status} in place of 400`, routeFix(answer.status))
}

function checkAcceptance(answer: Response | string): DoctorCheck {
  const name = 'webhook'
  if (typeof answer === 'string') return fault(name, `The webhook route does not answer: ${answer}`, addressFix)
  if (answer.ok) return ok(name, 'A signed event is taken')
  if (answer.status === 400) {
    return fault(name, 'A signed event is refused with 400', 'Give the app, and this command, the secret of this endpoint as STRIPE_WEBHOOK_SECRET; give Farebox the raw body; set the app\'s clock')
  }
  return fault(name, `A signed event is answered with ${answer.status}`, routeFix(answer.status))
}

function routeFix(status: number): string {
  if (status >= 300 && status < 400) return 'Give Stripe the address that it is redirected to: it follows no redirects'
  if (status === 401 || status === 403) return 'Let the webhook route through without signing in, and through bot protection'
  if (status === 404 || status === 405) return 'Mount Farebox\'s routes there, for POST too, or say where they are with --url'
  return 'Look into the app\'s log: its store or its Stripe key does not work'
}

/** An event about a customer that there is, which the app reads from Stripe and stores: a thing that may happen at any time. */
async function checkRoundTrip(app: DeployedApp, accepted: Response | string, secret: string): Promise<DoctorCheck> {
  const name = 'round-trip'
  if (typeof accepted === 'string' || !accepted.ok) return skipped(name, 'The webhook route does not take signed events')
  if (app.paymentCustomer === undefined) return skipped(name, 'Stripe could not be asked for a customer')
  if (app.paymentCustomer === null) return skipped(name, 'Nobody has bought anything yet, so there is nothing to read and store')
  const answer = await deliver(app, eventFor(app, app.paymentCustomer), secret)
  if (typeof answer === 'string') return fault(name, `The webhook route does not answer: ${answer}`, addressFix)
  if (!answer.ok) return fault(name, `An event about ${app.paymentCustomer} is answered with ${answer.status}`, routeFix(answer.status))
  const body: unknown = await answer.json().catch(() => undefined)
  const outcome = typeof body === 'object' && body !== null && 'outcome' in body ? body.outcome : undefined
  if (outcome === 'applied' || outcome === 'superseded') return ok(name, `${app.paymentCustomer} was read from Stripe and stored`)
  return fault(
    name,
    `An event about ${app.paymentCustomer} is ${outcome === 'ignored' ? 'ignored' : 'not applied'}`,
    `Give the app a key of the same account and of ${app.mode} mode, and the same installation as here`,
  )
}

async function checkKeys({ base }: DeployedApp): Promise<DoctorCheck> {
  const name = 'token-keys'
  const answer = await ask(`${base}/.well-known/jwks.json`)
  if (typeof answer === 'string') return fault(name, `The keys of plan tokens cannot be read: ${answer}`, addressFix)
  if (answer.status === 404) return skipped(name, 'The app issues no plan tokens')
  const body: unknown = await answer.json().catch(() => undefined)
  const keys = typeof body === 'object' && body !== null && 'keys' in body ? body.keys : undefined
  if (answer.ok && Array.isArray(keys) && keys.length > 0) return ok(name, `${keys.length} public ${keys.length === 1 ? 'key' : 'keys'} of plan tokens`)
  return fault(name, `The keys of plan tokens are answered with ${answer.status}`, 'Look at `planTokens` of createFarebox: its key must be a private one that is set where the app runs')
}

function eventFor({ mode, now }: DeployedApp, paymentCustomer: string | null): string {
  const nonce = randomBytes(12).toString('hex')
  return JSON.stringify({
    id: `evt_farebox_doctor_${nonce}`,
    object: 'event',
    type: 'customer.subscription.updated',
    created: Math.floor(now() / 1000),
    livemode: mode === 'live',
    data: { object: { id: `sub_farebox_doctor_${nonce}`, object: 'subscription', customer: paymentCustomer ?? `cus_farebox_doctor_${nonce}` } },
  })
}

async function deliver({ base, now }: DeployedApp, event: string, secret: string): Promise<Response | string> {
  const { body, signature } = await signedStripeEvent({ body: event, secret, at: now() })
  return ask(`${base}/webhooks/stripe`, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
    body,
  })
}

/** Why it could not be asked, in words, or the answer. No redirect is followed, as Stripe follows none. */
async function ask(url: string, init: RequestInit = {}): Promise<Response | string> {
  try {
    return await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(patience) })
  } catch (error) {
    const cause: unknown = error instanceof Error ? (error.cause ?? error) : error
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    if (isLate) return `no answer within ${patience / 1000} seconds`
    return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'it cannot be reached'
  }
}
