import { Hono, type Context } from 'hono'
import { ownCause } from '../account.ts'
import { catchUp } from '../api/answer-request.ts'
import { StripeError } from '../errors.ts'
import { completeCheckout, defaultCard } from '../lifecycle/checkout.ts'
import type { CheckoutSession, PortalSession } from '../objects.ts'
import type { Simulation } from '../simulation.ts'
import { checkoutPage, closedCheckoutPage, successLocation } from './checkout-page.ts'
import { html, page, redirect } from './html.ts'
import { runPortalAction } from './portal-actions.ts'
import { portalPage } from './portal-page.ts'

type PageContext = Context<{ Bindings: Simulation }>

const declinedCard = '4000000000000002'
const shownCard = '4242 4242 4242 4242'

/** The pages that people see. */
export function pageRoutes(): Hono<{ Bindings: Simulation }> {
  const app = new Hono<{ Bindings: Simulation }>()
  app.get('/c/pay/:id', (context) =>
    withSession(context, (session) =>
      checkoutPage(context.env.account, session, undefined, { card: shownCard, email: '' }),
    ),
  )
  app.post('/c/pay/:id', async (context) => {
    const form = new URLSearchParams(await context.req.text())
    return withSession(context, (session) => pay(context.env, session, form))
  })
  app.get('/p/session/:id', (context) => withPortal(context, (session) => portalPage(context.env.account, session)))
  app.post('/p/session/:id', async (context) => {
    const form = new URLSearchParams(await context.req.text())
    return withPortal(context, (session) => manage(context.env, session, form))
  })
  return app
}

function withPortal(context: PageContext, answer: (session: PortalSession) => Response): Response {
  catchUp(context.env)
  const { store } = context.env.account
  const session = store.portalSessions.find(context.req.param('id') ?? '')
  const isGone = session === undefined || store.customers.find(session.customer)?.deleted === true
  if (isGone) return page('Not found', html`<h1>There is no such billing page.</h1>`, 404)
  return answer(session)
}

function manage(simulation: Simulation, session: PortalSession, form: URLSearchParams): Response {
  const { account } = simulation
  try {
    account.act(ownCause, () => runPortalAction(account, session, form))
    return redirect(`/p/session/${session.id}`)
  } catch (error) {
    if (!(error instanceof StripeError)) throw error
    return portalPage(account, session, { text: error.message })
  }
}

function withSession(context: PageContext, answer: (session: CheckoutSession) => Response): Response {
  catchUp(context.env)
  const session = context.env.account.store.checkoutSessions.find(context.req.param('id') ?? '')
  if (session === undefined) return page('Not found', html`<h1>There is no such checkout.</h1>`, 404)
  return session.status === 'open' ? answer(session) : closedCheckoutPage(session)
}

function pay(simulation: Simulation, session: CheckoutSession, form: URLSearchParams): Response {
  const { account } = simulation
  const card = form.get('action') === 'decline' ? declinedCard : (form.get('card') ?? defaultCard)
  const email = form.get('email') ?? ''
  try {
    const entry = { card, ...(email !== '' && { email }) }
    return redirect(successLocation(account.act(ownCause, () => completeCheckout(account, session.id, entry))))
  } catch (error) {
    if (!(error instanceof StripeError)) throw error
    return checkoutPage(account, session, error.message, { card: form.get('card') ?? shownCard, email })
  }
}
