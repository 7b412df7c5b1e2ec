import type { Simulation } from '../simulation.ts'
import { StripeError, unsupported } from '../errors.ts'
import { runDue } from '../lifecycle/fall-due.ts'
import { publishedRequest } from '../published-data.ts'
import { decodeForm } from '../requests/decode-form.ts'
import { readParameters } from '../requests/read-parameters.ts'
import { checkExpandable, expand } from '../responses/expand.ts'
import { ownCause } from '../account.ts'
import type { Rendered } from '../responses/render.ts'
import { refusal, respond, type Answer } from './answer.ts'
import { authenticate, checkHeaders } from './authenticate.ts'
import type { Endpoint } from './route-table.ts'

/** Answers one request to a published endpoint. */
export async function answerRequest(
  simulation: Simulation,
  request: Request,
  endpoint: Endpoint,
  id: string,
): Promise<Response> {
  const requestId = simulation.account.identifiers.next('req')
  const givenKey = request.headers.get('idempotency-key')
  const idempotencyKey = request.method === 'POST' && givenKey !== null && givenKey !== '' ? givenKey : undefined
  try {
    authenticate(request, simulation.options.apiKey)
    checkHeaders(request)
    const prepared = await prepare(simulation, request, endpoint, id)
    const replayed = idempotencyKey === undefined ? undefined : simulation.keys.claim(idempotencyKey, prepared.fingerprint)
    if (replayed !== undefined) return respond(replayed, requestId, { idempotencyKey, isReplayed: true })
    await simulation.latency()
    const answer = runRequest(simulation, prepared.run, { requestId, idempotencyKey: idempotencyKey ?? null })
    if (idempotencyKey !== undefined) simulation.keys.remember(idempotencyKey, answer)
    return respond(answer, requestId, { idempotencyKey })
  } catch (error) {
    if (!(error instanceof StripeError)) simulation.report(error)
    return respond(refusal(error), requestId, { idempotencyKey })
  }
}

async function prepare(
  simulation: Simulation,
  request: Request,
  endpoint: Endpoint,
  id: string,
): Promise<{ fingerprint: string; run: () => Rendered }> {
  const { route } = endpoint
  if (route === undefined) throw unsupported(`${endpoint.method} ${endpoint.path}`)
  const url = new URL(request.url)
  const encoded = request.method === 'POST' ? await request.text() : url.search.slice(1)
  const published = publishedRequest(endpoint.operation)
  const given = decodeForm(encoded)
  const parameters = readParameters(published.request, [...route.supports, ...route.echoes], given)
  const paths = expandPaths(parameters)
  checkExpandable(published.returns, route.answers, paths, request.method !== 'GET')
  const { account } = simulation
  const origin = simulation.options.publicUrl ?? url.origin
  return {
    fingerprint: `${request.method} ${url.pathname} ${encoded}`,
    run: () => expand(account.store, route.handle({ account, id, parameters: withoutExpand(parameters), origin }), paths),
  }
}

function runRequest(
  simulation: Simulation,
  run: () => Rendered,
  cause: { requestId: string; idempotencyKey: string | null },
): Answer {
  const { account } = simulation
  catchUp(simulation)
  try {
    return { status: 200, body: account.act(cause, run) }
  } catch (error) {
    if (!(error instanceof StripeError)) simulation.report(error)
    return refusal(error)
  }
}

/** While the clock runs by itself, things fall due between requests. */
export function catchUp(simulation: Simulation): void {
  const { account } = simulation
  const due = account.agenda.earliest()
  if (due === undefined || due.at * 1000 > account.clock.now()) return
  account.act(ownCause, () => runDue(account, account.clock.now()))
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
