import * as z from 'zod/mini'
import { isAmount } from '../domain/amount.ts'
import { FareboxError, invalidRequest } from '../errors/error.ts'
import type { routes } from '../protocol/routes.ts'
import { getInvoices } from '../use-cases/billing/get-invoices.ts'
import { getPaymentMethods } from '../use-cases/billing/get-payment-methods.ts'
import { getUpcoming } from '../use-cases/billing/get-upcoming.ts'
import { openPortal } from '../use-cases/billing/open-portal.ts'
import { passCooldown, passReading } from '../use-cases/billing/pass-cooldown.ts'
import { checkOffered } from '../use-cases/checkout/check-purchase.ts'
import { startPlanCheckout } from '../use-cases/checkout/start-plan-checkout.ts'
import { type PackCheckoutRequest, startPackCheckout } from '../use-cases/checkout/start-pack-checkout.ts'
import type { Context } from '../use-cases/context.ts'
import { convergeCustomer } from '../use-cases/converging/converge.ts'
import { getSnapshot } from '../use-cases/decisions/get-snapshot.ts'
import { cancelSubscription } from '../use-cases/subscription/cancel-subscription.ts'
import { changePlan } from '../use-cases/subscription/change-plan.ts'
import { pauseSubscription } from '../use-cases/subscription/pause-subscription.ts'
import { previewPlanChange } from '../use-cases/subscription/preview-plan-change.ts'
import { resumeSubscription } from '../use-cases/subscription/resume-subscription.ts'
import { privateAnswer } from './answer.ts'
import type { Caller } from './caller.ts'
import { type HttpSettings, originOf } from './options.ts'
import { problemResponse } from './problem-response.ts'
import { instantText, parseWith, readJson, readQuery, readValue, text, toInstant } from './read-body.ts'
import { retryAfter, stop } from './stop.ts'
import { changePreviewView, changeView } from './subscription-views.ts'

/** The routes on which Stripe is asked. */
export type BillingRoute = Extract<
  keyof typeof routes,
  'checkout' | 'portal' | 'converge' | 'change' | 'cancel' | 'resume' | 'pause' | 'invoices' | 'upcoming' | 'paymentMethods'
>

/** Who asks: a caller who may change something, one who may manage the billing as well, and one who may see it. */
export interface BillingCallers {
  changer(request: Request): Promise<Caller>
  manager(request: Request): Promise<Caller>
  reader(request: Request): Promise<Caller>
}

const planName = text(64)
const address = z.optional(text(2048))
const code = z.optional(text(200))
const intervalName = z.enum(['month', 'year'])
const units = z.optional(z.number().check(z.refine((value) => isAmount(value))))
const emptyBody = z.strictObject({})

const sale = { quantity: units, currency: z.optional(text(3)), successUrl: address, cancelUrl: address }
const checkoutBody = z.strictObject({ plan: planName, interval: intervalName, promotionCode: code, ...sale })
const packCheckoutBody = z.strictObject({ pack: planName, ...sale })

type AskedSale = Omit<z.output<typeof packCheckoutBody>, 'pack'>

const portalBody = z.strictObject({ returnUrl: address })

const changeBody = z.strictObject({
  plan: planName,
  interval: z.optional(intervalName),
  quantity: units,
  promotionCode: code,
  prorationDate: z.optional(z.nullable(instantText)),
  preview: z.optional(z.boolean()),
})

const invoicesQuery = z.strictObject({ after: z.optional(text(255)) })
const cancelBody = z.strictObject({ when: z.optional(z.enum(['period-end', 'now'])) })
const pauseBody = z.strictObject({ until: z.optional(z.nullable(instantText)) })

/**
 * Buying, changing and ending, and reading Stripe again; and what Stripe shows of the billing. Each customer may ask for the
 * first as often as `billingGate` says, and for the second as often again.
 */
export function createBillingRoutes(
  context: Context,
  settings: HttpSettings,
  callers: BillingCallers,
): Readonly<Record<BillingRoute, (call: { readonly request: Request }) => Promise<Response>>> {
  /** A route for who may manage the billing. A body that is not valid uses up nothing. */
  function managed<Schema extends z.ZodMiniType>(
    body: Schema,
    work: (caller: Caller, body: z.output<Schema>) => Promise<unknown>,
  ): (call: { readonly request: Request }) => Promise<Response> {
    return async ({ request }) => {
      const caller = await callers.manager(request)
      const given = await readJson(request, body)
      return paced(caller, () => work(caller, given))
    }
  }

  /** A route for who may see the billing. */
  function shown<Schema extends z.ZodMiniType>(
    query: Schema,
    work: (caller: Caller, query: z.output<Schema>) => Promise<unknown>,
  ): (call: { readonly request: Request }) => Promise<Response> {
    return async ({ request }) => {
      const caller = await callers.reader(request)
      const asked = readQuery(request, query)
      return paced(caller, () => work(caller, asked), passReading)
    }
  }

  async function paced({ customer }: Caller, work: () => Promise<unknown>, pass: typeof passCooldown = passCooldown): Promise<Response> {
    const { billingGate } = settings
    const cooldown = billingGate === null ? null : await pass(context, customer, billingGate)
    if (cooldown === null) return privateAnswer(await work())
    return problemResponse(stop(settings, 'rate-limited', {}, retryAfter(cooldown.retryAt, cooldown.now)))
  }

  function returnUrl(asked: string | undefined, path: string, suffix: string): string {
    if (settings.appUrl === null) throw new FareboxError('invalid-configuration', 'Give `appUrl` to createFarebox for checkout and portal')
    if (asked === undefined) return `${settings.appUrl}/${suffix}`
    const origin = originOf(asked)
    if (origin !== undefined && settings.returnOrigins.includes(origin)) return asked
    throw invalidRequest('The return URL is not allowed', path, 'Give an absolute URL of an origin in appUrl or returnOrigins')
  }

  function saleOf({ customer, identity }: Caller, { quantity, currency, successUrl, cancelUrl }: AskedSale): Omit<PackCheckoutRequest, 'pack'> {
    return {
      ...(quantity !== undefined && { quantity }),
      ...(currency !== undefined && { currency }),
      customer,
      successUrl: returnUrl(successUrl, 'successUrl', '?checkout=done'),
      cancelUrl: returnUrl(cancelUrl, 'cancelUrl', '?checkout=canceled'),
      email: identity.organization === null ? identity.email : null,
    }
  }

  return {
    async checkout({ request }) {
      const caller = await callers.manager(request)
      const given = await readValue(request)
      if (Object.hasOwn(Object(given), 'pack')) {
        const { pack, ...asked } = parseWith(packCheckoutBody, given)
        return paced(caller, () => startPackCheckout(context, { pack, ...saleOf(caller, asked) }))
      }
      const { plan, interval, promotionCode, ...asked } = parseWith(checkoutBody, given)
      checkOffered(context, plan)
      const start = { plan, interval, ...(promotionCode !== undefined && { promotionCode }), ...saleOf(caller, asked) }
      return paced(caller, () => startPlanCheckout(context, start))
    },
    async portal({ request }) {
      const caller = await callers.manager(request)
      const body = await readJson(request, portalBody)
      const start = { customer: caller.customer, returnUrl: returnUrl(body.returnUrl, 'returnUrl', '?portal=done') }
      return paced(caller, () => openPortal(context, start))
    },
    async converge({ request }) {
      const caller = await callers.changer(request)
      await readJson(request, emptyBody)
      const { customer, canManageBilling } = caller
      return paced(caller, async () => {
        await convergeCustomer(context, customer)
        return getSnapshot(context, { customer, canManageBilling })
      })
    },
    invoices: shown(invoicesQuery, ({ customer }, query) => getInvoices(context, { ...query, customer })),
    upcoming: shown(emptyBody, ({ customer }) => getUpcoming(context, { customer })),
    paymentMethods: shown(emptyBody, ({ customer }) => getPaymentMethods(context, { customer })),
    change: managed(changeBody, async ({ customer }, { plan, interval, quantity, promotionCode, prorationDate, preview = false }) => {
      const change = {
        customer, plan, isCustomer: true,
        ...(interval !== undefined && { interval }), ...(quantity !== undefined && { quantity }), ...(promotionCode !== undefined && { promotionCode }),
      }
      if (preview) return changePreviewView(await previewPlanChange(context, change))
      return changeView(await changePlan(context, { ...change, prorationDate: toInstant(prorationDate) }))
    }),
    cancel: managed(cancelBody, async ({ customer }, { when = 'period-end' }) =>
      changeView(await cancelSubscription(context, { customer, when })),
    ),
    resume: managed(emptyBody, async ({ customer }) => changeView(await resumeSubscription(context, { customer }))),
    pause: managed(pauseBody, async ({ customer }, { until }) =>
      changeView(await pauseSubscription(context, { customer, until: toInstant(until) })),
    ),
  }
}
