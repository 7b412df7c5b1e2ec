import type { FeatureMap } from '../domain/catalog.ts'
import type { Gate, GateInput } from '../domain/gate.ts'
import { parseGate } from '../domain/parse-gate.ts'
import { Given } from '../domain/parse-value.ts'
import type { Identity } from '../ports/auth.ts'
import type { Fault } from '../errors/error.ts'
import { type AnonymousOptions, type AnonymousSettings, anonymousSettings } from './anonymous.ts'
import { defaultProblemBase } from '../protocol/problem.ts'
import { defaultBasePath } from '../protocol/base-path.ts'

/** Whether an identity is an admin. Leave the request's body unread. */
export type AdminRule = (identity: Identity, request: Request) => boolean | Promise<boolean>

/** How Farebox meets HTTP. Everything has a safe default but `appUrl`, which payments need. */
export interface HttpOptions {
  /** Where the routes are mounted; `/api/billing` unless said otherwise. */
  readonly basePath?: string
  /** Where the app is served, without query or fragment: return URLs and requests by cookie are held to its origin. */
  readonly appUrl?: string
  /** Further origins that may be returned to after checkout. */
  readonly returnOrigins?: readonly string[]
  /** Where a refused customer can upgrade; `appUrl` unless said otherwise. */
  readonly upgradeUrl?: string
  /** Where problem types are described; ends in `/problems`. The `type` is `<problemBase>/<name>`. */
  readonly problemBase?: string
  /**
   * A cookie that carries the token too. Routes of Farebox that change something then take JSON from the app's own
   * origin alone. Guards do not know what a route of yours does: have your sign-in set the cookie `SameSite`.
   */
  readonly cookie?: string
  /** Who pays for what this identity does: the active organization, else the subject, unless said otherwise. */
  readonly customerOf?: (identity: Identity) => string
  /**
   * Who may buy, change and see invoices for a customer: the subject whose id it has, and an admin of the organization whose id
   * it has, unless said otherwise. A `customerOf` that answers other ids needs a rule of its own: until there is one, nobody may.
   * Whoever gets another answer than `true` may not.
   */
  readonly mayManageBilling?: (identity: Identity, customer: string) => boolean
  /**
   * Who may use the routes below `/admin`: search customers, explain balances, grant and override. Asked for each request, with
   * the identity that was verified; whoever gets another answer than `true` is refused. Without it, these routes are closed.
   */
  readonly admin?: AdminRule
  /**
   * How often each customer may use the routes on which Stripe is asked, together: `'20/minute'` unless said otherwise, `null`
   * for any number. Those that only show what Stripe has count by themselves, as often again in each process. Beyond it they
   * answer `rate-limited`, so that nobody uses up what the account may ask of Stripe.
   */
  readonly billingGate?: GateInput | null
  /** Lets callers without a token in where a route says so, limited by address. Without it, nobody. */
  readonly anonymous?: AnonymousOptions
}

/** {@link HttpOptions}, complete. */
export interface HttpSettings {
  readonly basePath: string
  readonly appUrl: string | null
  readonly returnOrigins: readonly string[]
  readonly upgradeUrl: string
  readonly problemBase: string
  readonly cookie: string | null
  readonly customerOf: (identity: Identity) => string
  /** A rule in plain JavaScript may answer anything. */
  readonly mayManageBilling: (identity: Identity, customer: string) => unknown
  /** `undefined` where nobody is an admin. */
  readonly admin: AdminRule | undefined
  readonly billingGate: Gate | null
  readonly anonymous: AnonymousSettings | null
}

/** Completes options for a catalog's features, and collects what is wrong with them. With faults, they must not be used. */
export function httpSettings(options: HttpOptions, faults: Fault[], features: FeatureMap = {}): HttpSettings {
  const {
    basePath = defaultBasePath, appUrl, returnOrigins = [], problemBase = defaultProblemBase, cookie,
    customerOf = defaultCustomerOf, mayManageBilling = ownsOrAdministers, admin, billingGate = '20/minute',
  } = options
  const { upgradeUrl = appUrl ?? '/' } = options
  const add = (path: string, message: string): void => void faults.push({ path, message })
  if (!/^(\/[\w.~-]+)*$/.test(basePath)) add('basePath', 'Give a path such as /api/billing, no slash at its end')
  if (appUrl !== undefined && (originOf(appUrl) === undefined || /[?#]/.test(appUrl))) {
    add('appUrl', 'Give an http or https URL without query and fragment, such as https://app.example.com')
  }
  const origins = Array.isArray(returnOrigins) ? returnOrigins.map(originOf) : [undefined]
  if (origins.includes(undefined)) add('returnOrigins', 'List http or https URLs')
  if (typeof upgradeUrl !== 'string' || upgradeUrl === '') add('upgradeUrl', 'Give a URL or a path, such as /pricing')
  if (!/^\S*\/problems$/.test(problemBase)) add('problemBase', 'Give a URL or a path that ends in /problems')
  // RFC 6265 section 4.1.1.
  if (cookie !== undefined && (typeof cookie !== 'string' || !/^[\w!#$%&'*+.^`|~-]+$/.test(cookie))) add('cookie', 'Give the name of a cookie, such as session')
  for (const [path, rule] of Object.entries({ customerOf, mayManageBilling, admin: admin ?? ownsOrAdministers })) {
    if (typeof rule !== 'function') add(path, 'Give a function of the identity')
  }
  return {
    basePath,
    appUrl: typeof appUrl === 'string' ? appUrl.replace(/\/$/, '') : null,
    returnOrigins: [originOf(appUrl ?? ''), ...origins].filter((origin) => origin !== undefined),
    upgradeUrl,
    problemBase,
    cookie: cookie ?? null,
    customerOf,
    mayManageBilling,
    admin,
    billingGate: billingGate === null ? null : (parseGate(new Given(billingGate, 'billingGate', faults)) ?? null),
    anonymous: anonymousSettings(options.anonymous, features, faults),
  }
}

/** The active organization, else the subject: the customer whose plan claims a token carries. */
export function defaultCustomerOf(identity: Identity): string {
  return identity.organization?.id ?? identity.subject
}

/** The origin of an absolute http(s) URL without credentials, or `undefined`. What parsers would mend is not a URL here. */
export function originOf(url: string): string | undefined {
  if (!/^https?:\/\/(?!\/)[^\s\\\p{Cc}]+$/iu.test(url) || !URL.canParse(url)) return undefined
  const { origin, username, password } = new URL(url)
  return username === '' && password === '' ? origin : undefined
}

function ownsOrAdministers({ subject, organization }: Identity, customer: string): boolean {
  return customer === subject || (customer === organization?.id && /^(org:)?admin$/.test(organization.role ?? ''))
}
