import { ownCause, type Account } from '../account.ts'
import { apiVersion } from '../api-version.ts'
import { StripeError, unsupported } from '../errors.ts'
import { runDue } from '../lifecycle/fall-due.ts'
import { deleteOldTestClocks } from '../lifecycle/test-clock.ts'
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
import { refusal, respond, type Answer } from './answer.ts'
import { authenticate, type Caller } from './authenticate.ts'
import type { Endpoint } from './route-table.ts'

interface Prepared {
  readonly fingerprint: string
  readonly about: string | undefined
  readonly run: () => Rendered
}

/** Answers one request to a published endpoint. */
export async function answerRequest(
  simulation: Simulation,
  request: Request,
  endpoint: Endpoint,
  id: string,
): Promise<Response> {
  const requestId = simulation.accounts.own(false).identifiers.next('req')
  const givenKey = request.headers.get('idempotency-key')
  const idempotencyKey = request.method === 'POST' && givenKey !== null && givenKey !== '' ? givenKey : undefined
  let version: string = apiVersion
  try {
    const caller = authenticate(simulation, request)
    version = caller.version
    const { keys } = caller.account
    const prepared = await prepare(simulation, caller, request, endpoint, id)
    const replayed = idempotencyKey === undefined ? undefined : keys.claim(idempotencyKey, prepared.fingerprint)
    if (replayed !== undefined) return respond(replayed, requestId, version, { idempotencyKey, isReplayed: true })
    await simulation.latency()
    const answer = runRequest(simulation, caller.account, prepared, { requestId, idempotencyKey: idempotencyKey ?? null })
    if (idempotencyKey !== undefined) keys.remember(idempotencyKey, answer)
    return respond(answer, requestId, version, { idempotencyKey })
  } catch (error) {
    if (!(error instanceof StripeError)) simulation.report(error)
    return respond(refusal(error), requestId, version, { idempotencyKey })
  }
}

async function prepare(
  simulation: Simulation,
  { account, version }: Caller,
  request: Request,
  endpoint: Endpoint,
  id: string,
): Promise<Prepared> {
  const { route } = endpoint
  if (route === undefined) throw unsupported(`${endpoint.method} ${endpoint.path}`)
  const url = new URL(request.url)
  const encoded = request.method === 'POST' ? await request.text() : url.search.slice(1)
  const published = publishedRequest(endpoint.operation)
  const isJson = request.method === 'POST' && endpoint.path.startsWith('/v2/')
  const given = isJson ? decodeJson(encoded) : decodeForm(encoded)
  const parameters = readParameters(published.request, [...route.supports, ...route.echoes], given)
  const paths = expandPaths(parameters)
  // Fields that older versions had are not in the published schema: there, whatever names an object is expanded.
  if (version === apiVersion) checkExpandable(published.returns, route.answers, paths, request.method !== 'GET')
  const origin = simulation.options.publicUrl ?? url.origin
  account.pages.origin = origin
  const shape = (body: Rendered): Rendered =>
    route.isShaped ? body : downgrade(account.store, withLivemode(body, account.livemode), version)
  const call = { account, simulation, id, parameters: withoutExpand(parameters), origin }
  return {
    fingerprint: `${request.method} ${url.pathname} ${encoded}`,
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
