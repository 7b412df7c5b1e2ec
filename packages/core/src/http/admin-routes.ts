import * as z from 'zod/mini'
import { FareboxError } from '../errors/error.ts'
import type { RouteName } from '../protocol/routes.ts'
import { getAdminCustomer } from '../use-cases/admin/get-admin-customer.ts'
import { type EndRequest, grantUsage, voidGrant } from '../use-cases/admin/grant-usage.ts'
import { endOverride, overridePlan } from '../use-cases/admin/override-plan.ts'
import { searchCustomers } from '../use-cases/admin/search-customers.ts'
import type { Context } from '../use-cases/context.ts'
import { requireKnown } from '../use-cases/customers/find-customer.ts'
import { privateAnswer } from './answer.ts'
import type { Caller } from './caller.ts'
import type { HttpSettings } from './options.ts'
import { instantText, readJson, readQuery, text, toInstant } from './read-body.ts'

/** The routes for those who help customers. */
export type AdminRoute = Extract<RouteName, `admin${string}`>

/** Who asks: anybody with a token, and a caller who may change something. */
export interface AdminCallers {
  readonly identify: (request: Request) => Promise<Caller>
  readonly changer: (request: Request) => Promise<Caller>
}

const id = text(255)
const reason = z.optional(text(500))
const instant = z.optional(z.nullable(instantText))

const searchQuery = z.strictObject({ search: id })
const customerQuery = z.strictObject({ customer: id })
const grantBody = z.strictObject({ customer: id, feature: id, amount: z.number(), key: id, expiresAt: instant, reason })
const overrideBody = z.strictObject({ customer: id, plan: id, key: id, until: instant, reason })
const endBody = z.strictObject({ customer: id, key: id, reason })

/**
 * Finding a customer, explaining balances, granting and overriding. Closed unless the app says who an admin is; the app is
 * asked for each request. A change answers the customer as it is then.
 */
export function createAdminRoutes(
  context: Context,
  settings: HttpSettings,
  callers: AdminCallers,
): Readonly<Record<AdminRoute, (call: { readonly request: Request }) => Promise<Response>>> {
  /** A caller whom the app's rule lets in. A rule that fails lets nobody in. */
  async function admin(request: Request, find: (request: Request) => Promise<Caller>): Promise<Caller> {
    const { admin: rule } = settings
    if (rule === undefined) throw new FareboxError('not-found', 'This app has no admin routes')
    const caller = await find(request)
    if ((await decide(() => rule(caller.identity, request))) === true) return caller
    throw new FareboxError('forbidden', 'This is for admins')
  }

  function changing<Schema extends z.ZodMiniType<{ readonly customer: string; readonly reason?: string | undefined }>>(
    body: Schema,
    change: (given: z.output<Schema>, by: Pick<EndRequest, 'actor' | 'reason'>) => Promise<unknown>,
  ): (call: { readonly request: Request }) => Promise<Response> {
    return async ({ request }) => {
      const { identity } = await admin(request, callers.changer)
      const given = await readJson(request, body)
      // A slip of the hand must not make a new customer.
      await requireKnown(context, given.customer)
      await change(given, { actor: identity.actor ?? identity.subject, ...(given.reason !== undefined && { reason: given.reason }) })
      return privateAnswer(await getAdminCustomer(context, given.customer))
    }
  }

  return {
    async adminCustomers({ request }) {
      await admin(request, callers.identify)
      return privateAnswer(await searchCustomers(context, readQuery(request, searchQuery).search))
    },
    async adminCustomer({ request }) {
      await admin(request, callers.identify)
      return privateAnswer(await getAdminCustomer(context, readQuery(request, customerQuery).customer))
    },
    adminGrant: changing(grantBody, ({ customer, feature, amount, key, expiresAt }, by) =>
      grantUsage(context, { customer, feature, amount, key, ...(typeof expiresAt === 'string' && { expiresAt: Date.parse(expiresAt) }), ...by }),
    ),
    adminVoidGrant: changing(endBody, ({ customer, key }, by) => voidGrant(context, { customer, key, ...by })),
    adminOverride: changing(overrideBody, ({ customer, plan, key, until }, by) =>
      overridePlan(context, { customer, plan, key, until: toInstant(until), ...by }),
    ),
    adminEndOverride: changing(endBody, ({ customer, key }, by) => endOverride(context, { customer, key, ...by })),
  }
}

async function decide(rule: () => unknown): Promise<unknown> {
  try {
    return await rule()
  } catch (cause) {
    throw new FareboxError('unavailable', 'Whether the caller is an admin could not be told', { reason: 'admin-rule-failed', cause })
  }
}
