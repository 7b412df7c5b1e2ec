import { Hono } from 'hono'
import { ownCause, type Account } from '../account.ts'
import { apiVersion } from '../api-version.ts'
import { refusal, respond, toResponse } from '../api/answer.ts'
import { catchUp } from '../api/answer-request.ts'
import type { Disorder } from '../deliveries/disorder.ts'
import { rollSecret } from '../deliveries/secrets.ts'
import { StripeError, invalidRequest, missingParameter } from '../errors.ts'
import { authenticate } from '../lifecycle/authenticate.ts'
import { completeCheckout } from '../lifecycle/checkout.ts'
import { disputePayment } from '../lifecycle/dispute-payment.ts'
import { closeDispute } from '../lifecycle/close-dispute.ts'
import { setCard } from '../lifecycle/set-card.ts'
import { render, type Rendered } from '../responses/render.ts'
import { simulationFor, type Simulation } from '../simulation.ts'
import { advanceClock, readClockMove } from './advance-clock.ts'
import { readSettings } from './read-settings.ts'
import { readBoolean, readJsonObject, readNumber, readText, refuseOthers } from './read-json.ts'

type Body = ReadonlyMap<string, unknown>
type Control = (simulation: Simulation, body: Body, id: string) => Rendered

/** The routes under `/_/` that drive the simulator. They take and answer JSON and need no key. */
export function controlRoutes(): Hono<{ Bindings: Simulation }> {
  const app = new Hono<{ Bindings: Simulation }>()
  for (const [path, control] of Object.entries(controls)) {
    const [method = '', pattern = ''] = path.split(' ')
    app.on(method, pattern, async (context) => {
      const id = context.req.param('id') ?? ''
      const simulation = id === '' ? context.env : simulationFor(context.env, id)
      return answerControl(simulation, context.req.raw, (body) => control(simulation, body, id))
    })
  }
  return app
}

const controls: Readonly<Record<string, Control>> = {
  'GET /clock': (simulation) => describeClock(simulation),
  'POST /clock': (simulation, body) => {
    advanceClock(simulation.accounts, readClockMove(body))
    return describeClock(simulation)
  },
  'POST /checkout/sessions/:id/complete': ({ account }, body, id) => {
    refuseOthers(body, ['authentication', 'bankAccount', 'card', 'email', 'promotionCode'])
    const bankAccount = readText(body, 'bankAccount')
    const authentication = readText(body, 'authentication') === 'failed' ? ('failed' as const) : ('passed' as const)
    const card = readText(body, 'card')
    const email = readText(body, 'email')
    const promotionCode = readText(body, 'promotionCode')
    const entry = {
      authentication,
      ...(bankAccount !== undefined && { bankAccount }),
      ...(card !== undefined && { card }),
      ...(email !== undefined && { email }),
      ...(promotionCode !== undefined && { promotionCode }),
    }
    return render(account.store, account.act(ownCause, () => completeCheckout(account, id, entry)))
  },
  'POST /payments/:id/dispute': ({ account }, body, id) => {
    refuseOthers(body, ['reason'])
    const reason = readText(body, 'reason')
    return render(account.store, account.act(ownCause, () => disputePayment(account, id, reason), id))
  },
  'POST /disputes/:id/close': ({ account }, body, id) => {
    refuseOthers(body, ['outcome'])
    const outcome = readText(body, 'outcome')
    if (outcome !== 'lost' && outcome !== 'won') throw invalidRequest('outcome must be lost or won', { param: 'outcome' })
    return render(account.store, account.act(ownCause, () => closeDispute(account, id, outcome), id))
  },
  'POST /customers/:id/card': ({ account }, body, id) => {
    refuseOthers(body, ['card'])
    const card = readText(body, 'card')
    if (card === undefined) throw missingParameter('card')
    return render(account.store, account.act(ownCause, () => setCard(account, id, card)))
  },
  'POST /payment_intents/:id/authenticate': ({ account }, body, id) => endAuthentication(account, body, id),
  'POST /setup_intents/:id/authenticate': ({ account }, body, id) => endAuthentication(account, body, id),
  'GET /settings': ({ account }) => ({ ...account.settings }),
  'POST /settings': ({ account }, body) => {
    account.settings = { ...account.settings, ...readSettings(body) }
    return { ...account.settings }
  },
  'GET /deliveries': ({ deliveries }) => ({
    data: deliveries.attempts,
    pending: deliveries.pending,
    disorder: deliveries.disorder,
  }),
  'POST /deliveries': ({ deliveries }, body) => {
    deliveries.configure(readDisorder(body))
    return { disorder: deliveries.disorder }
  },
  'POST /deliveries/resend': ({ accounts, deliveries }, body) => {
    refuseOthers(body, ['event'])
    const event = readText(body, 'event')
    if (event === undefined) throw missingParameter('event')
    deliveries.resend(accounts, event)
    return { pending: deliveries.pending }
  },
  'POST /webhook_endpoints/:id/roll_secret': ({ account }, body, id) => {
    refuseOthers(body, ['overlapHours'])
    return { secret: rollSecret(account, id, readNumber(body, 'overlapHours', { least: 0, most: 24 })) }
  },
  'GET /accounts': ({ accounts }) => ({ own: accounts.own(false).id, connected: accounts.connectedIds }),
  'POST /accounts': ({ accounts }, body) => {
    refuseOthers(body, ['id'])
    return { id: accounts.connect(readText(body, 'id')) }
  },
  'GET /state': (simulation) => countObjects(simulation),
}

/** Ends 3-D Secure: `{"outcome": "passed"}` (the default) or `{"outcome": "failed"}`. */
function endAuthentication(account: Account, body: Body, id: string): Rendered {
  refuseOthers(body, ['outcome'])
  const outcome = readText(body, 'outcome') ?? 'passed'
  if (outcome !== 'passed' && outcome !== 'failed') throw invalidRequest('outcome must be passed or failed', { param: 'outcome' })
  return render(account.store, account.act(ownCause, () => authenticate(account, id, outcome === 'passed'), id))
}

/** How many objects of each kind there are. */
export function countObjects({ account, deliveries }: Simulation): Readonly<Record<string, number>> {
  const { store } = account
  return {
    products: store.products.size,
    prices: store.prices.size,
    customers: store.customers.size,
    paymentMethods: store.paymentMethods.size,
    checkoutSessions: store.checkoutSessions.size,
    subscriptions: store.subscriptions.size,
    invoices: store.invoices.size,
    invoiceItems: store.invoiceItems.size,
    creditNotes: store.creditNotes.size,
    portalConfigurations: store.portalConfigurations.size,
    portalSessions: store.portalSessions.size,
    events: store.events.size,
    webhookEndpoints: store.webhookEndpoints.size,
    eventDestinations: store.eventDestinations.size,
    testClocks: store.testClocks.size,
    pendingDeliveries: deliveries.pending,
  }
}

async function answerControl(
  simulation: Simulation,
  request: Request,
  run: (body: Body) => Rendered,
): Promise<Response> {
  const requestId = 'control'
  try {
    refuseOtherSites(request)
    const body = request.method === 'POST' ? await readJsonObject(request) : new Map<string, unknown>()
    catchUp(simulation)
    return toResponse(respond({ status: 200, body: run(body) }, requestId, apiVersion))
  } catch (error) {
    if (!(error instanceof StripeError)) simulation.report(error)
    return toResponse(respond(refusal(error), requestId, apiVersion))
  }
}

/** A page of another site that is open in the developer's browser must not drive the simulator. */
function refuseOtherSites(request: Request): void {
  const site = request.headers.get('sec-fetch-site')
  if (site === null || site === 'same-origin' || site === 'none') return
  const message = 'Control routes answer no requests from pages of other sites.'
  throw new StripeError(403, { type: 'invalid_request_error', message })
}

function describeClock({ account }: Simulation): Rendered {
  const { main } = account.timelines
  return { now: new Date(main.now()).toISOString(), mode: main.mode }
}

/** Reads and checks a disorder of deliveries. */
export function readDisorder(body: Body): Disorder {
  refuseOthers(body, ['duplicate', 'replay', 'shuffle', 'drop', 'keepLast', 'delayMs', 'seed'])
  const entries = [
    ['duplicate', readNumber(body, 'duplicate', { least: 1, most: 20, isWhole: true })],
    ['replay', readNumber(body, 'replay', { least: 0, most: 1 })],
    ['shuffle', readBoolean(body, 'shuffle')],
    ['drop', readNumber(body, 'drop', { least: 0, most: 1 })],
    ['keepLast', readBoolean(body, 'keepLast')],
    ['delayMs', readNumber(body, 'delayMs', { least: 0, most: 60_000 })],
    ['seed', readNumber(body, 'seed', { least: 0, most: 4_294_967_295, isWhole: true })],
  ] as const
  const given = entries.filter(([, value]) => value !== undefined)
  if (given.length === 0 && body.size > 0) throw invalidRequest('Nothing to set.')
  return Object.fromEntries(given)
}
