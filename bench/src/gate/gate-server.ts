import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { forged } from '../fixtures/bearer-tokens.ts'
import type { Stack } from './stacks.ts'

/** What a server tells its parent: where it listens, and how much processor time it has used. */
export type ServerReport = { readonly port: number } | { readonly cpuMicroseconds: number }

/** A server in a process of its own, on the loopback only. */
export interface GateServer {
  readonly url: string
  cpuMicroseconds(): Promise<number>
  close(): Promise<void>
}

/** Starts a stack and proves that it does what it says. @throws Error when it lets a forged token in, or does not count. */
export async function startGateServer(stack: Stack, pem: string, token: string): Promise<GateServer> {
  const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [stack.name, pem], {
    env: { ...process.env, NODE_ENV: 'production', CLERK_TELEMETRY_DISABLED: '1' },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const started = await reportOf(child)
  if (!('port' in started)) throw new Error(`${stack.name} did not say where it listens`)
  const url = `http://127.0.0.1:${started.port}/`
  const server: GateServer = {
    url,
    async cpuMicroseconds() {
      child.send('cpu')
      const report = await reportOf(child)
      return 'cpuMicroseconds' in report ? report.cpuMicroseconds : Number.NaN
    },
    async close() {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
  await prove(stack, url, token)
  return server
}

async function reportOf(child: ChildProcess): Promise<ServerReport> {
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('The server ended')))
  const [report] = await Promise.race([once(child, 'message'), ended])
  return report
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
