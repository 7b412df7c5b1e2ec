import { Hono } from 'hono'
import { ownCause } from '../account.ts'
import { apiVersion } from '../api-version.ts'
import { catchUp } from '../api/answer-request.ts'
import { refusal, respond, toResponse } from '../api/answer.ts'
import type { Disorder } from '../deliveries/disorder.ts'
import { rollSecret } from '../deliveries/secrets.ts'
import { StripeError, missingParameter } from '../errors.ts'
import { completeCheckout } from '../lifecycle/checkout/complete-checkout.ts'
import { authenticate } from '../lifecycle/people/authenticate.ts'
import { closeDispute } from '../lifecycle/people/close-dispute.ts'
import { disputePayment } from '../lifecycle/people/dispute-payment.ts'
import { setCard } from '../lifecycle/people/set-card.ts'
import { render, type Rendered } from '../responses/render.ts'
import { simulationFor, type Simulation } from '../simulation.ts'
import { advanceClock, readClockMove } from './advance-clock.ts'
import { pickGiven, readBoolean, readChoice, readJsonObject, readNumber, readTexts, refuseOthers } from './read-json.ts'
import { readSettings } from './read-settings.ts'

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

const passing = ['passed', 'failed'] as const

const controls: Readonly<Record<string, Control>> = {
  'GET /clock': describeClock,
  'POST /clock': (simulation, body) => {
    advanceClock(simulation.accounts, readClockMove(body))
    return describeClock(simulation)
  },
  'POST /checkout/sessions/:id/complete': ({ account }, body, id) => {
    const { authentication: _checked, ...means } = readTexts(body, ['authentication', 'bankAccount', 'card', 'email', 'promotionCode'])
    const entry = { ...means, ...pickGiven({ authentication: readChoice(body, 'authentication', passing) }) }
    return render(account.store, account.act(ownCause, () => completeCheckout(account, id, entry)))
  },
  'POST /payments/:id/dispute': ({ account }, body, id) => {
    const { reason } = readTexts(body, ['reason'])
    return render(account.store, account.act(ownCause, () => disputePayment(account, id, reason), id))
  },
  'POST /disputes/:id/close': ({ account }, body, id) => {
    const outcome = readOutcome(body, ['lost', 'won'])
    if (outcome === undefined) throw missingParameter('outcome')
    return render(account.store, account.act(ownCause, () => closeDispute(account, id, outcome), id))
  },
  'POST /customers/:id/card': ({ account }, body, id) => {
    const { card } = readTexts(body, ['card'])
    if (card === undefined) throw missingParameter('card')
    return render(account.store, account.act(ownCause, () => setCard(account, id, card)))
  },
  'POST /payment_intents/:id/authenticate': endAuthentication,
  'POST /setup_intents/:id/authenticate': endAuthentication,
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
    const { event } = readTexts(body, ['event'])
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
    const { id } = readTexts(body, ['id'])
    return { id: accounts.connect(id) }
  },
  'GET /state': countObjects,
}

/** Ends 3-D Secure: `{"outcome": "passed"}` (the default) or `{"outcome": "failed"}`. */
function endAuthentication({ account }: Simulation, body: Body, id: string): Rendered {
  const outcome = readOutcome(body, passing)
  return render(account.store, account.act(ownCause, () => authenticate(account, id, outcome !== 'failed'), id))
}

function readOutcome<Outcome extends string>(body: Body, outcomes: readonly Outcome[]): Outcome | undefined {
  refuseOthers(body, ['outcome'])
  return readChoice(body, 'outcome', outcomes)
}

/** How many objects of each kind there are. */
export function countObjects({ account, deliveries }: Simulation): Readonly<Record<string, number>> {
  const counts = Object.entries(account.store).map(([name, { size }]) => [name, size])
  return { ...Object.fromEntries(counts), pendingDeliveries: deliveries.pending }
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
  return pickGiven({
    duplicate: readNumber(body, 'duplicate', { least: 1, most: 20, isWhole: true }),
    replay: readNumber(body, 'replay', { least: 0, most: 1 }),
    shuffle: readBoolean(body, 'shuffle'),
    drop: readNumber(body, 'drop', { least: 0, most: 1 }),
    keepLast: readBoolean(body, 'keepLast'),
    delayMs: readNumber(body, 'delayMs', { least: 0, most: 60_000 }),
    seed: readNumber(body, 'seed', { least: 0, most: 4_294_967_295, isWhole: true }),
  })
}
