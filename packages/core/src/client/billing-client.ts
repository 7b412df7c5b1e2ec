import type { PriceInterval } from '../domain/catalog.ts'
import { type RouteName, type routes, defaultBasePath } from '../protocol/routes.ts'
import type { PlanView, PlansView, Snapshot } from '../protocol/snapshot.ts'
import type { BillingError, BillingState, Outcome } from './billing-state.ts'
import { observeAllowance } from './observe-allowance.ts'
import { readProblem } from './read-problem.ts'
import { readRateLimit } from './read-rate-limit.ts'

/** Options of {@link createBillingClient}. */
export interface BillingClientOptions {
  /** Where the billing routes are mounted; `/api/billing` unless said otherwise. */
  readonly baseUrl?: string | undefined
  readonly fetch?: typeof globalThis.fetch | undefined
  /** The bearer token of the signed-in person, asked for each request; leave out where a cookie signs in. */
  readonly getToken?: (() => Promise<string | null> | string | null) | undefined
  /** A snapshot that the server rendered with; then nothing is loaded at first. */
  readonly initialSnapshot?: Snapshot | undefined
  readonly initialPlans?: PlansView | undefined
  /** Goes to a checkout or portal page; `location.assign` unless said otherwise. */
  readonly navigate?: ((url: string) => void) | undefined
}

/** What to buy. Return URLs must be of an origin that the server allows. */
export interface CheckoutRequest {
  readonly plan: string
  readonly interval: PriceInterval
  readonly successUrl?: string | undefined
  readonly cancelUrl?: string | undefined
}

export interface PortalRequest {
  readonly returnUrl?: string | undefined
}

/**
 * One customer's billing in the browser. Its numbers never go back to an older entitlement version, a failed refresh
 * keeps what was there and marks it stale, and only `fetch` ever rejects, as the `fetch` it wraps.
 */
export interface BillingClient {
  /** Calls `listener` after each change, until the function it returns is called. */
  subscribe(listener: () => void): () => void
  /** The present state; the same object until something changes. */
  getSnapshot(): BillingState
  /** The public catalog, once {@link BillingClient.loadPlans} has read it. */
  getPlans(): readonly PlanView[] | undefined
  loadPlans(): Promise<void>
  /** Reads the snapshot. Calls at the same time share one request. */
  refresh(): Promise<BillingState>
  /** Takes a snapshot that came another way, such as from a server action. An older one is ignored. */
  accept(snapshot: Snapshot): void
  /** Moves the numbers by the `RateLimit` fields of a metered response of the app, without a request where they suffice. */
  observe(response: Response): void
  /** `fetch` that adds the token and observes the response, both for the server's own origin alone. */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>
  /** Starts a checkout and goes to its page. */
  checkout(request: CheckoutRequest): Promise<Outcome<{ readonly url: string }>>
  /** Opens the portal and goes to it. */
  portal(request?: PortalRequest): Promise<Outcome<{ readonly url: string }>>
  /** Has the server read Stripe and takes what is true: call it on return from checkout. */
  converge(): Promise<BillingState>
}

/** Only the type of the table is used, so that a browser does not load the routes it never calls. */
type PathOf<Method> = Extract<(typeof routes)[RouteName], { readonly method: Method }>['path']

/**
 * The browser's view of one customer, framework-free. Make a new one when another person signs in. Never sends the
 * token to another origin than `baseUrl`'s.
 */
export function createBillingClient(options: BillingClientOptions = {}): BillingClient {
  const { baseUrl = defaultBasePath, getToken, initialSnapshot } = options
  const listeners = new Set<() => void>()
  let state: BillingState =
    initialSnapshot === undefined
      ? { status: 'pending' }
      : { status: 'success', data: initialSnapshot, isStale: false }
  let plans = options.initialPlans?.plans
  let refreshing: Promise<BillingState> | undefined
  let loadingPlans: Promise<void> | undefined

  function change(next: BillingState): void {
    state = next
    for (const listener of listeners) listener()
  }

  function accept(snapshot: Snapshot): void {
    const known = state.data
    const isOlder = known?.customer === snapshot.customer && known.entitlementVersion > snapshot.entitlementVersion
    if (!isOlder) change({ status: 'success', data: snapshot, isStale: false })
  }

  function take(outcome: Outcome<Snapshot>): BillingState {
    if (outcome.status === 'success') accept(outcome.data)
    else change(state.status === 'success' ? { ...state, isStale: true, error: outcome.error } : outcome)
    return state
  }

  async function call(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
    const request = input instanceof Request ? input : undefined
    const headers = new Headers(init.headers ?? request?.headers)
    const isOwn = originOf(request?.url ?? String(input)) === originOf(baseUrl)
    const token = isOwn && !headers.has('authorization') && (await getToken?.())
    if (token) headers.set('authorization', `Bearer ${token}`)
    const response = await (options.fetch ?? fetch)(input, { ...init, headers })
    if (isOwn) observe(response)
    return response
  }

  function post<Data>(path: PathOf<'POST'>, isWhole: (data: Data) => unknown, body: object): Promise<Outcome<Data>> {
    return ask(path, isWhole, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
  }

  async function ask<Data>(path: PathOf<'GET' | 'POST'>, isWhole: (data: Data) => unknown, init?: RequestInit): Promise<Outcome<Data>> {
    let error: BillingError = { status: 0 }
    try {
      const response = await call(baseUrl + path, init)
      error = { status: response.status, problem: await readProblem(response) }
      const data: Data = response.ok ? await response.json() : undefined
      if (isWhole(data)) return { status: 'success', data }
    } catch {
      // What failed is told by `error`: no answer, or one that is not ours.
    }
    return { status: 'error', error }
  }

  async function go(path: PathOf<'POST'>, body: object): Promise<Outcome<{ readonly url: string }>> {
    const outcome = await post<{ readonly url: string }>(path, (data) => data.url, body)
    if (outcome.status === 'success') (options.navigate ?? ((url) => location.assign(url)))(outcome.data.url)
    return outcome
  }

  function refresh(): Promise<BillingState> {
    if (refreshing === undefined && state.status === 'error') change({ status: 'pending' })
    refreshing ??= ask('/me', isSnapshot).then((outcome) => {
      refreshing = undefined
      return take(outcome)
    })
    return refreshing
  }

  function observe(response: Response): void {
    let next = state.data
    for (const reading of readRateLimit(response.headers)) next &&= observeAllowance(next, reading)
    if (state.status !== 'success') return
    if (next === undefined || response.status === 402) void refresh()
    else if (next !== state.data) change({ ...state, data: next })
  }

  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    getSnapshot: () => state,
    getPlans: () => plans,
    loadPlans() {
      loadingPlans ??= ask<PlansView>('/plans', (data) => data.plans).then((outcome) => {
        loadingPlans = undefined
        if (outcome.status === 'error') return
        plans = outcome.data.plans
        change({ ...state })
      })
      return loadingPlans
    },
    refresh,
    accept,
    observe,
    fetch: call,
    checkout: (request) => go('/checkout', request),
    portal: (request = {}) => go('/portal', request),
    converge: () => post('/converge', isSnapshot, {}).then(take),
  }
}

/** An answer of the right kind; a sign-in page behind a proxy is not. */
function isSnapshot(data: Snapshot): unknown {
  return data.plan && data.usage
}

function originOf(url: string): string {
  return new URL(url, globalThis.location?.href ?? 'http://localhost').origin
}
