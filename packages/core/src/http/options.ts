import type { Identity } from '../ports/auth.ts'
import { type Fault } from '../errors/error.ts'
import { defaultProblemBase } from '../protocol/problem.ts'
import { defaultBasePath } from '../protocol/routes.ts'

/** How Farebox meets HTTP. Everything has a safe default but `appUrl`, which payments need. */
export interface HttpOptions {
  /** Where the routes are mounted; `/api/billing` unless said otherwise. */
  readonly basePath?: string
  /** Where the app is served, such as `https://app.example.com`: the origin that return URLs and cookies are held to. */
  readonly appUrl?: string
  /** Further origins that may be returned to after checkout. */
  readonly returnOrigins?: readonly string[]
  /** Where a refused customer can upgrade; `appUrl` unless said otherwise. */
  readonly upgradeUrl?: string
  /** Where problem types are described; the `type` is `<problemBase>/<name>`. */
  readonly problemBase?: string
  /** A cookie that carries the token too. Requests that change something must then be JSON from the app's own origin. */
  readonly cookie?: string
  /** Who pays for what this identity does: the active organization, else the subject, unless said otherwise. */
  readonly customerOf?: (identity: Identity) => string
  /** Who may buy, change and see invoices: oneself, or the organization's admin, unless said otherwise. */
  readonly mayManageBilling?: (identity: Identity) => boolean
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
  readonly mayManageBilling: (identity: Identity) => boolean
}

/** Completes options, and collects what is wrong with them. */
export function httpSettings(options: HttpOptions, faults: Fault[]): HttpSettings {
  const basePath = options.basePath ?? defaultBasePath
  if (!/^(\/[\w.~-]+)*$/.test(basePath)) {
    faults.push({ path: 'basePath', message: 'Give a path such as /api/billing, without a slash at its end' })
  }
  const origins = [options.appUrl, ...(options.returnOrigins ?? [])].flatMap((url) => (url === undefined ? [] : [originOf(url)]))
  if (origins.includes(undefined)) {
    faults.push({ path: 'appUrl', message: 'Give absolute http or https URLs in appUrl and returnOrigins' })
  }
  return {
    basePath,
    appUrl: options.appUrl?.replace(/\/$/, '') ?? null,
    returnOrigins: origins.filter((origin) => origin !== undefined),
    upgradeUrl: options.upgradeUrl ?? options.appUrl ?? '/',
    problemBase: options.problemBase ?? defaultProblemBase,
    cookie: options.cookie ?? null,
    customerOf: options.customerOf ?? defaultCustomerOf,
    mayManageBilling: options.mayManageBilling ?? isAdmin,
  }
}

/** The active organization, else the subject: the customer whose plan claims a token carries. */
export function defaultCustomerOf(identity: Identity): string {
  return identity.organization?.id ?? identity.subject
}

/** The origin of an absolute http(s) URL without credentials, or `undefined`. What parsers would mend is not a URL here. */
export function originOf(url: string): string | undefined {
  if (/[\s\\\p{Cc}]/u.test(url) || !URL.canParse(url)) return undefined
  const { protocol, origin, username, password } = new URL(url)
  const isPlain = (protocol === 'https:' || protocol === 'http:') && username === '' && password === ''
  return isPlain ? origin : undefined
}

function isAdmin(identity: Identity): boolean {
  return identity.organization === null || identity.organization.role === 'admin' || identity.organization.role === 'org:admin'
}
