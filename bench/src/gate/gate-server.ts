import { forged } from '../fixtures/bearer-tokens.ts'
import { startChild } from '../harness/child.ts'
import type { Stack } from './stacks.ts'

/** Where a server listens. */
export interface ServerReady {
  readonly port: number
}

/** How much processor time a server has used. */
export interface ServerUsage {
  readonly cpuMicroseconds: number
}

/** A server in a process of its own, on the loopback only. */
export interface GateServer {
  readonly url: string
  cpuMicroseconds(): Promise<number>
  close(): Promise<void>
}

/** Starts a stack and proves that it does what it says. @throws Error when it lets a forged token in, or does not count. */
export async function startGateServer(stack: Stack, pem: string, token: string): Promise<GateServer> {
  const child = await startChild<ServerReady, ServerUsage>(new URL('server.ts', import.meta.url), [stack.name, pem], {
    environment: { NODE_ENV: 'production', CLERK_TELEMETRY_DISABLED: '1' },
  })
  const url = `http://127.0.0.1:${child.ready.port}/`
  await prove(stack, url, token)
  return {
    url,
    cpuMicroseconds: async () => (await child.ask('cpu')).cpuMicroseconds,
    close: () => child.close(),
  }
}

async function prove({ name, verifies, counts }: Stack, url: string, token: string): Promise<void> {
  const first = await ask(url, token)
  const second = await ask(url, token)
  if (first.status !== 200 || second.status !== 200) throw new Error(`${name} answers ${first.status} to a good token`)
  if (counts && first.remaining - second.remaining !== 1) throw new Error(`${name} does not count`)
  const { status } = await ask(url, forged(token))
  if (verifies && status !== 401) throw new Error(`${name} answers ${status} to a forged token`)
}

async function ask(url: string, token: string): Promise<{ readonly status: number; readonly remaining: number }> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  await response.text()
  const fields = response.headers.get('ratelimit-remaining') ?? /;r=(\d+)/.exec(response.headers.get('ratelimit') ?? '')?.[1]
  return { status: response.status, remaining: Number(fields) }
}
