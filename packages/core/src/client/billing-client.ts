import type { Catalog, PlanKeyOf, PriceInterval } from '../domain/catalog.ts'
import { defaultBasePath } from '../protocol/base-path.ts'
import type { routes } from '../protocol/routes.ts'
import type { IsoInstant, Snapshot } from '../protocol/snapshot.ts'
import type { ChangePreviewView, ChangeView } from '../protocol/subscription-change.ts'
import type { BillingState, Outcome } from './billing-state.ts'
import { leaveFor } from './leave-for.ts'
import { observeRateLimit } from './observe-rate-limit.ts'
import { isProblem } from './read-problem.ts'
import { createResourceStore } from './resource-store.ts'

/** Options of {@link createBillingClient}. */
export interface BillingClientOptions {
  /** Where the billing routes are mounted; `/api/billing` unless said otherwise. */
  readonly baseUrl?: string | undefined
  readonly fetch?: typeof globalThis.fetch | undefined
  /**
   * The bearer token of the signed-in person, asked for each request; leave out where a cookie signs in. `fresh` asks for a
   * new one, for the plan claims in the last are old.
   */
  readonly getToken?: ((wish: { readonly fresh: boolean }) => Promise<string | null> | string | null) | undefined
  /** A snapshot that the server rendered with; then nothing is loaded at first. */
  readonly initialSnapshot?: Snapshot | undefined
  /**
   * Goes to a checkout or portal page; `location.assign` unless said otherwise. Whoever asked to go there is answered when what this
   * answers is settled: without it when the page is there again, or was never left.
   */
  readonly navigate?: ((url: string) => unknown) | undefined
}

/** What to buy. Return URLs must be of an origin that the server allows. */
export interface CheckoutRequest<Plan extends string = string> {
  readonly plan: Plan
  readonly interval: PriceInterval
  readonly quantity?: number | undefined
  readonly currency?: string | undefined
  /** As people know it: it applies without being typed in. */
  readonly promotionCode?: string | undefined
  readonly successUrl?: string | undefined
  readonly cancelUrl?: string | undefined
}

/** What the subscription shall become; what is left out stays as it is. */
export interface ChangeRequest<Plan extends string = string> {
  readonly plan: Plan
  readonly interval?: PriceInterval | undefined
  readonly quantity?: number | undefined
  /** As people know it; it takes the place of a code that was there. */
  readonly promotionCode?: string | undefined
}

/** A change that was previewed: it costs what was shown. */
export interface PreviewedChangeRequest<Plan extends string = string> extends ChangeRequest<Plan> {
  /** The preview's. It holds for a quarter of an hour; then the change is refused with a fault at this path. */
  readonly prorationDate?: IsoInstant | null | undefined
}

/** Where Stripe's page leads back to; the app's own address unless said otherwise. */
export interface PortalRequest {
  readonly returnUrl?: string | undefined
}

/** The page to go to. */
export interface Destination {
  readonly url: string
}

/**
 * One customer's billing in the browser. Its numbers never go back to an older entitlement version, nor to what was read
 * earlier at the same version. A refresh that fails keeps what was there and marks it stale. Only `fetch` rejects, where the
 * `fetch` that it wraps does. `BillingClient<never>` is one of whichever plans.
 */
export interface BillingClient<Plan extends string = string> {
  /** Calls `listener` after each change, until the function it returns is called. */
  readonly subscribe: (listener: () => void) => () => void
  /** The present state; the same object until something changes. */
  readonly getSnapshot: () => BillingState
  /** Reads the snapshot. Calls at the same time share one request. */
  readonly refresh: () => Promise<BillingState>
  /**
   * Takes a snapshot that came another way, such as from a server action. An older one is ignored. `null` says that nobody is signed in:
   * what was there is forgotten, and it is as if the server had answered 401.
   */
  readonly accept: (snapshot: Snapshot | null) => void
  /**
   * Moves the numbers by the `RateLimit` fields of a metered response of the app. A request follows only where they do
   * not suffice, and on a conflict (409), which tells that the page knew something old.
   */
  readonly observe: (response: Response) => void
  /** `fetch` that adds the token and observes the response, both for the server's own origin alone. */
  readonly fetch: (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>
  /**
   * Asks a billing route. Never rejects. An answer counts only if it has the field `mark`: a sign-in page behind a proxy has
   * none.
   */
  readonly request: <Data extends object>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    mark: keyof Data & string,
    body?: object,
  ) => Promise<Outcome<Data>>
  /**
   * Starts a checkout and goes to its page, unless nobody follows the client any more, or somebody else is signed in. Answers when the
   * page is no longer being left; until then this and whatever else buys or changes something is refused. A `signal` that is aborted
   * before there is an answer calls it off: then the page is not left.
   */
  readonly checkout: (request: CheckoutRequest<Plan>, signal?: AbortSignal) => Promise<Outcome<Destination>>
  /** Changes the subscription that is there. Goes to the page where something has to be paid or confirmed. */
  readonly change: (request: PreviewedChangeRequest<Plan>) => Promise<Outcome<ChangeView>>
  /** What such a change would cost, line by line. */
  readonly previewChange: (request: ChangeRequest<Plan>) => Promise<Outcome<ChangePreviewView>>
  /** Ends the subscription at the end of its period, unless said otherwise. */
  readonly cancel: (request?: { readonly when?: 'period-end' | 'now' | undefined }) => Promise<Outcome<ChangeView>>
  /** Takes back a scheduled end, a scheduled change or a pause. */
  readonly resume: () => Promise<Outcome<ChangeView>>
  /** Lets the subscription rest, until an instant or until it is resumed. */
  readonly pause: (request?: { readonly until?: IsoInstant | undefined }) => Promise<Outcome<ChangeView>>
  /** Opens the portal and goes to it, on the same terms as `checkout`. */
  readonly portal: (request?: PortalRequest, signal?: AbortSignal) => Promise<Outcome<Destination>>
  /** Has the server read Stripe and takes what is true: call it on return from checkout. */
  readonly converge: () => Promise<BillingState>
}

/** An answer that may have a page to go to. */
interface Leading {
  readonly kind?: string
  readonly url?: string | null
}

/** Only the type of the table is used, so that a browser does not load the routes it never calls. */
type Path = (typeof routes)['checkout' | 'portal' | 'change' | 'cancel' | 'resume' | 'pause']['path']

/**
 * The browser's view of one customer, framework-free. Make a new one when another person signs in. Never sends the
 * token to another origin than `baseUrl`'s. Of a catalog, `createBillingClient<typeof catalog>()`, it takes its plans alone.
 */
export function createBillingClient<C extends Catalog = Catalog>(options: BillingClientOptions = {}): BillingClient<PlanKeyOf<C>> {
  const { baseUrl = defaultBasePath, getToken, initialSnapshot, navigate = leaveFor } = options
  let fresh = false
  let isActing = false
  let told: Headers[] | undefined
  const store = createResourceStore<Snapshot>(
    read,
    (known, arriving, isLater) => {
      if (known.customer !== arriving.customer) return arriving
      const ahead = arriving.entitlementVersion - known.entitlementVersion
      fresh ||= ahead > 0
      return ahead < 0 || (!ahead && !isLater && arriving.asOf < known.asOf) ? known : arriving
    },
  )

  /** What metered responses tell meanwhile, the answer may not know. */
  async function read(): Promise<Outcome<Snapshot>> {
    const meanwhile: Headers[] = (told = [])
    const outcome = await request<Snapshot>('GET', '/me', 'usage')
    told = undefined
    return outcome.data
      ? { ...outcome, data: meanwhile.reduce((data, headers) => observeRateLimit(data, headers) ?? data, outcome.data) }
      : outcome
  }

  async function call(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const sent = new Request(input, init)
    const { headers } = sent
    const isOwn = originOf(sent) === originOf(new Request(baseUrl))
    if (isOwn && getToken && !headers.has('authorization')) {
      const asked = getToken({ fresh })
      fresh = false
      const token = await asked
      if (token) headers.set('authorization', `Bearer ${token}`)
    }
    const response = await (options.fetch ?? fetch)(sent)
    if (isOwn) observe(response)
    return response
  }

  async function request<Data extends object>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    mark: keyof Data & string,
    body?: object,
    follow?: (answer: Partial<Destination>) => unknown,
    signal?: AbortSignal,
  ): Promise<Outcome<Data>> {
    let response: Response | undefined
    let answer
    try {
      response = await call(baseUrl + path, {
        method,
        ...(signal && { signal }),
        ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })
      answer = await response.json()
      if (response.ok && mark in answer) {
        await follow?.(answer)
        return { status: 'success', data: answer }
      }
    } catch {
      // No answer, one that is not JSON, or one that could not be followed.
    }
    return { status: 'error', error: { status: response?.status ?? 0, problem: isProblem(answer) ? answer : undefined } }
  }

  /** Whose numbers are looked at. */
  function followed(): string | false | undefined {
    return store.isWatched() && store.getSnapshot().data?.customer
  }

  /**
   * Goes to the page that it answers, unless they who asked have signed out or left meanwhile; otherwise what it changed is read
   * before the outcome is told. One at a time: what is asked for before the answer, and while the page is being left, is refused and not sent.
   */
  async function act<Data extends Leading>(
    path: Path,
    mark: keyof Data & string,
    body: object = {},
    signal?: AbortSignal,
  ): Promise<Outcome<Data>> {
    if (isActing) return { status: 'error', error: { status: 0 } }
    isActing = true
    const asking = followed()
    const isWanted = (): boolean => !signal?.aborted && (!asking || asking === followed())
    // A `fetch` of the app's own may not heed the signal.
    const outcome = await request<Data>('POST', path, mark, body, ({ url }) => url && isWanted() && navigate(url), signal)
    isActing = false
    if (outcome.data && !outcome.data.url) await store.renew()
    return outcome
  }

  function observe(response: Response): void {
    const { data } = store.getSnapshot()
    if (!data) return
    const { headers } = response
    const next = response.status !== 409 && observeRateLimit(data, headers)
    if (!next) void store.renew()
    else if (next !== data) {
      told?.push(headers)
      store.adjust(next)
    }
  }

  if (initialSnapshot) accept(initialSnapshot)
  return {
    ...store,
    accept,
    observe,
    fetch: call,
    request,
    checkout: (purchase, signal) => act('/checkout', 'url', purchase, signal),
    change: (wish) => act('/change', 'kind', wish),
    previewChange: (wish) => request('POST', '/change', 'kind', { ...wish, preview: true }),
    cancel: (wish) => act('/cancel', 'kind', wish),
    resume: () => act('/resume', 'kind'),
    pause: (wish) => act('/pause', 'kind', wish),
    portal: (wish, signal) => act('/portal', 'url', wish, signal),
    async converge() {
      const outcome = await request<Snapshot>('POST', '/converge', 'usage', {})
      fresh = true
      return store.take(outcome)
    },
  }

  function accept(data: Snapshot | null): void {
    store.take(data ? { status: 'success', data } : { status: 'error', error: { status: 401 } })
  }
}

function originOf({ url }: Request): string {
  return new URL(url).origin
}
