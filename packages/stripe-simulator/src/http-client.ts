import { answerRequest } from './api/answer-request.ts'
import type { ApiResponse } from './api/answer.ts'
import type { Simulation } from './simulation.ts'

/** An HTTP client for the `stripe` package, as its option `httpClient` takes one. */
export interface SimulatorHttpClient {
  getClientName(): string
  makeRequest(
    host: string,
    port: string,
    path: string,
    method: string,
    headers: Readonly<Record<string, string | number | string[]>>,
    requestData: string,
    protocol: string,
    timeout: number,
  ): Promise<SimulatorHttpResponse>
}

/** What the `stripe` package reads of an answer. */
export interface SimulatorHttpResponse {
  getStatusCode(): number
  getHeaders(): Record<string, string>
  getRawResponse(): object
  toStream(streamCompleteCallback: () => void): ReadableStream<Uint8Array> | null
  toJSON(): Promise<unknown>
}

/** A client that answers the API in this process: no socket, and none of what `fetch` makes of a request and an answer. */
export function createHttpClient(simulation: Simulation): SimulatorHttpClient {
  return {
    getClientName: () => 'stripe-simulator',
    async makeRequest(host, port, path, method, headers, requestData, protocol) {
      const sent = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]))
      const { pathname, search } = splitPath(path)
      const answer = await answerRequest(simulation, {
        method,
        origin: `${protocol}://${host}${port === '' || port === '443' ? '' : `:${port}`}`,
        path: pathname,
        query: search,
        header: (name) => sent.get(name) ?? null,
        body: () => requestData,
      })
      return responseOf(answer)
    },
  }
}

function splitPath(path: string): { readonly pathname: string; readonly search: string } {
  const start = path.indexOf('?')
  return start < 0 ? { pathname: path, search: '' } : { pathname: path.slice(0, start), search: path.slice(start + 1) }
}

function responseOf({ status, headers, body }: ApiResponse): SimulatorHttpResponse {
  // The `stripe` package shows it as `lastResponse` and adds to it.
  const raw = { headers, statusCode: status }
  return {
    getStatusCode: () => status,
    getHeaders: () => headers,
    getRawResponse: () => raw,
    toStream(streamCompleteCallback) {
      streamCompleteCallback()
      return new Response(body).body
    },
    toJSON: async () => JSON.parse(body),
  }
}
