import { Hono, type Context } from 'hono'
import { ownCause } from '../account.ts'
import { catchUp } from '../api/answer-request.ts'
import { StripeError } from '../errors.ts'
import { findPaymentIntentOf } from '../lifecycle/invoices/invoicing.ts'
import { authenticate } from '../lifecycle/people/authenticate.ts'
import type { CheckoutSession, Invoice } from '../objects.ts'
import type { PaymentIntent, SetupIntent } from '../payment-objects.ts'
import type { PortalSession } from '../portal-objects.ts'
import type { Simulation } from '../simulation.ts'
import { authenticationPage, invoicePage } from './authentication-page.ts'
import { runCheckoutAction, shownCard } from './checkout-actions.ts'
import { checkoutPage, closedCheckoutPage } from './checkout-page.ts'
import { html, page, redirect } from './html.ts'
import { runInvoiceAction } from './invoice-actions.ts'
import { invoicePdf } from './invoice-pdf.ts'
import { runPortalAction } from './portal-actions.ts'
import { portalPage } from './portal-page.ts'

type PageContext = Context<{ Bindings: Simulation }>

/** The pages that people see. */
export function pageRoutes(): Hono<{ Bindings: Simulation }> {
  const app = new Hono<{ Bindings: Simulation }>()
  app.get('/c/pay/:id', (context) =>
    withSession(context, (session) =>
      checkoutPage(context.env.account, session, { card: shownCard, email: '' }),
    ),
  )
  app.post('/c/pay/:id', async (context) => {
    const form = new URLSearchParams(await context.req.text())
    return withSession(context, (session) => runCheckoutAction(context.env.account, session, form))
  })
  app.get('/p/session/:id', (context) => withPortal(context, (session) => portalPage(context.env.account, session)))
  app.post('/p/session/:id', async (context) => {
    const form = new URLSearchParams(await context.req.text())
    return withPortal(context, (session) => manage(context.env, session, form))
  })
  app.get('/authenticate/:id', (context) => withIntent(context, (intent) => authenticationPage(intent)))
  app.post('/authenticate/:id', async (context) => {
    const form = new URLSearchParams(await context.req.text())
    return withIntent(context, (intent) => {
      const { account } = context.env
      const isPassed = form.get('action') === 'authenticate'
      if (intent.status === 'requires_action') account.act(ownCause, () => authenticate(account, intent.id, isPassed), intent.id)
      return redirect(`/authenticate/${intent.id}`)
    })
  })
  app.get('/i/:id', (context) => withInvoice(context, (invoice) => showInvoice(context.env, invoice)))
  app.get('/i/:id/pdf', (context) => withInvoice(context, (invoice) => invoicePdf(context.env.account, invoice)))
  app.post('/i/:id', async (context) => {
    const form = new URLSearchParams(await context.req.text())
    return withInvoice(context, (invoice) => payInvoicePage(context.env, invoice, form))
  })
  return app
}

function withIntent(context: PageContext, answer: (intent: PaymentIntent | SetupIntent) => Response): Response {
  catchUp(context.env)
  const { store } = context.env.account
  const id = context.req.param('id') ?? ''
  const intent = store.paymentIntents.find(id) ?? store.setupIntents.find(id)
  return intent === undefined ? page('Not found', html`<h1>There is no such payment.</h1>`, 404) : answer(intent)
}

function withInvoice(context: PageContext, answer: (invoice: Invoice) => Response): Response {
  catchUp(context.env)
  const invoice = context.env.account.store.invoices.find(context.req.param('id') ?? '')
  const isShown = invoice !== undefined && invoice.status !== 'draft'
  return isShown ? answer(invoice) : page('Not found', html`<h1>There is no such invoice.</h1>`, 404)
}

function showInvoice({ account }: Simulation, invoice: Invoice, refusal?: string): Response {
  return invoicePage(account, invoice, findPaymentIntentOf(account, invoice), refusal)
}

function payInvoicePage(simulation: Simulation, invoice: Invoice, form: URLSearchParams): Response {
  const { account } = simulation
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') return showInvoice(simulation, invoice)
  try {
    const refusal = account.act(ownCause, () => runInvoiceAction(account, invoice, form), invoice.id)
    const after = account.store.invoices.find(invoice.id) ?? invoice
    return refusal === undefined ? redirect(`/i/${invoice.id}`) : showInvoice(simulation, after, refusal)
  } catch (error) {
    if (!(error instanceof StripeError)) throw error
    return showInvoice(simulation, invoice, error.message)
  }
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
