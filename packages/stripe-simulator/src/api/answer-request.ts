import { ownCause, type Account } from '../account.ts'
import { apiVersion } from '../api-version.ts'
import { StripeError, unsupported } from '../errors.ts'
import { runDue } from '../lifecycle/due/fall-due.ts'
import { deleteOldTestClocks } from '../lifecycle/due/test-clock.ts'
import { publishedRequest } from '../published-data.ts'
import { decodeForm, type FormParameters } from '../requests/decode-form.ts'
import { decodeJson } from '../requests/decode-json.ts'
import { readParameters } from '../requests/read-parameters.ts'
import { checkExpandable, expand } from '../responses/expand.ts'
import type { Rendered } from '../responses/render.ts'
import { withLivemode } from '../responses/with-livemode.ts'
import type { Simulation } from '../simulation.ts'
import { testClockOf } from '../test-clock-of.ts'
import { downgrade } from '../versions/downgrade.ts'
import { upgradeRequest } from '../versions/upgrade-request.ts'
import { refusal, respond, respondWith, type Answer, type ApiResponse } from './answer.ts'
import type { ApiRequest } from './api-request.ts'
import { authenticate, type Caller } from './authenticate.ts'
import { findEndpoint, type FoundEndpoint } from './find-endpoint.ts'

interface Prepared {
  readonly fingerprint: string
  readonly about: string | undefined
  readonly run: () => Rendered
}

/** Answers one request to the API; 501 where nothing is published at its path. */
export async function answerRequest(simulation: Simulation, request: ApiRequest): Promise<ApiResponse> {
  const requestId = simulation.accounts.own(false).identifiers.next('req')
  const found = findEndpoint(request.method, request.path)
  if (found === undefined) return respond(refusal(unsupported(`${request.method} ${request.path}`)), requestId, apiVersion)
  const givenKey = request.header('idempotency-key')
  const idempotencyKey = request.method === 'POST' && givenKey !== null && givenKey !== '' ? givenKey : undefined
  let version: string = apiVersion
  try {
    const caller = authenticate(simulation, request)
    version = caller.version
    const { keys, reads } = caller.account
    const read = readOf(simulation, caller, request)
    if (read !== undefined) {
      await simulation.latency()
      catchUp(simulation)
      const body = reads.find(read)
      if (body !== undefined) return respondWith(200, body, requestId, version)
    }
    const prepared = await prepare(simulation, caller, request, found)
    const replayed = idempotencyKey === undefined ? undefined : keys.claim(idempotencyKey, prepared.fingerprint)
    if (replayed !== undefined) return respond(replayed, requestId, version, { idempotencyKey, isReplayed: true })
    if (read === undefined) await simulation.latency()
    const answer = runRequest(simulation, caller.account, prepared, { requestId, idempotencyKey: idempotencyKey ?? null })
    if (idempotencyKey !== undefined) keys.remember(idempotencyKey, answer)
    const response = respond(answer, requestId, version, { idempotencyKey })
    if (read !== undefined && answer.status === 200) reads.keep(read, response.body)
    return response
  } catch (error) {
    if (!(error instanceof StripeError)) simulation.report(error)
    return respond(refusal(error), requestId, version, { idempotencyKey })
  }
}

/** All that the answer of a GET request depends on, besides what is stored; undefined where time passes by itself, and for others. */
function readOf({ options }: Simulation, { account, version }: Caller, { method, origin, path, query }: ApiRequest): string | undefined {
  if (method !== 'GET' || account.timelines.main.mode !== 'frozen') return undefined
  account.pages.origin = options.publicUrl ?? origin
  return `${version} ${account.pages.origin} ${path}?${query}`
}

async function prepare(
  simulation: Simulation,
  { account, version }: Caller,
  request: ApiRequest,
  { endpoint, id }: FoundEndpoint,
): Promise<Prepared> {
  const { route } = endpoint
  if (route === undefined) throw unsupported(`${endpoint.method} ${endpoint.path}`)
  const encoded = request.method === 'POST' ? await request.body() : request.query
  const published = publishedRequest(endpoint.operation)
  const isJson = request.method === 'POST' && endpoint.path.startsWith('/v2/')
  const given = isJson ? decodeJson(encoded) : upgradeRequest(decodeForm(encoded), endpoint.operation, version)
  const parameters = readParameters(published.request, [...route.supports, ...route.echoes], given)
  const paths = expandPaths(parameters)
  // Fields that older versions had are not in the published schema: there, whatever names an object is expanded.
  if (version === apiVersion) checkExpandable(published.returns, route.answers, paths, request.method !== 'GET')
  const origin = simulation.options.publicUrl ?? request.origin
  account.pages.origin = origin
  const shape = (body: Rendered): Rendered =>
    route.isShaped ? body : downgrade(account.store, withLivemode(body, account.livemode), version)
  const call = { account, simulation, id, path: request.path, parameters: withoutExpand(parameters), origin }
  return {
    fingerprint: `${request.method} ${request.path} ${encoded}`,
    about: aboutOf(account, id, given),
    run: () => expand(account.store, shape(route.handle(call)), paths, shape),
  }
}

/** The first object named by the request that lives on a test clock. */
function aboutOf(account: Account, id: string, given: FormParameters): string | undefined {
  if (account.store.testClocks.size === 0) return undefined
  const named = [id, ...given.values()].filter((value) => typeof value === 'string')
  return named.find((value) => testClockOf(account.store, value) !== undefined)
}

function runRequest(
  simulation: Simulation,
  account: Account,
  { run, about }: Prepared,
  cause: { requestId: string; idempotencyKey: string | null },
): Answer {
  catchUp(simulation)
  try {
    return { status: 200, body: account.act(cause, run, about) }
  } catch (error) {
    if (!(error instanceof StripeError)) simulation.report(error)
    return refusal(error)
  }
}

/** Does what was put off; while the clock runs by itself, things also fall due between requests. */
export function catchUp(simulation: Simulation): void {
  for (const account of simulation.accounts.all()) {
    account.finish()
    deleteOldTestClocks(account)
    const due = account.agenda.earliest()
    if (due === undefined || due.at * 1000 > account.clock.now()) continue
    account.act(ownCause, () => runDue(account, account.clock.now()))
  }
}

function expandPaths(parameters: unknown): string[] {
  if (typeof parameters !== 'object' || parameters === null || !('expand' in parameters)) return []
  return Array.isArray(parameters.expand) ? parameters.expand.map(String) : []
}

function withoutExpand(parameters: unknown): unknown {
  if (typeof parameters !== 'object' || parameters === null) return parameters
  const { expand: _expand, ...rest } = { expand: undefined, ...parameters }
  return rest
}
