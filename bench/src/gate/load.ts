import autocannon from 'autocannon'
import type { Sample } from '../harness/variant.ts'
import type { GateServer } from './gate-server.ts'

const connections = 64

/** Asks over 64 connections, each with its own share of the tokens, one request at a time on each. */
export async function load(server: GateServer, tokens: readonly string[], milliseconds: number): Promise<Sample> {
  const requests = tokens.map((token) => ({ headers: { authorization: `Bearer ${token}` } }))
  const share = Math.ceil(requests.length / connections)
  let client = 0
  const cpu = await server.cpuMicroseconds()
  const start = performance.now()
  const { requests: answers, non2xx, errors, latency } = await autocannon({
    url: server.url,
    connections,
    duration: milliseconds / 1000,
    sampleInt: 50,
    setupClient(made) {
      made.setRequests(requests.slice(client * share, (client + 1) * share))
      client += 1
    },
  })
  const seconds = (performance.now() - start) / 1000
  if (non2xx + errors > 0 || answers.total === 0) throw new Error(`${non2xx} requests were refused and ${errors} failed`)
  return {
    perSecond: answers.total / seconds,
    cpuMicroseconds: ((await server.cpuMicroseconds()) - cpu) / answers.total,
    latency: { p50: latency.p50, p99: latency.p99 },
  }
}
