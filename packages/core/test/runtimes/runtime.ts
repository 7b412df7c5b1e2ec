import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type RuntimeName, findRuntime, runtimeArguments } from '../../../../tools/servers/runtimes.mjs'

/** A process of another runtime that serves the worker of one source file. */
export interface RunningRuntime {
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Asks the worker, and answers what it answered as JSON. */
  ask(path: string, body?: unknown): Promise<unknown>
  close(): Promise<void>
}

/** Why it cannot be tried on this machine, or `null`. */
export function skippedOn(name: RuntimeName): string | null {
  return findRuntime(name) === undefined ? `there is no ${name} for this platform` : null
}

/** Serves the `worker` that `entry` exports; `settings` are what its `fetch` is given beside the request. */
export async function startRuntime(name: RuntimeName, entry: URL, settings: object = {}): Promise<RunningRuntime> {
  const program = findRuntime(name)
  if (program === undefined) throw new Error(`There is no ${name}`)
  const serve = fileURLToPath(new URL('./serve.ts', import.meta.url))
  const child = spawn(program, [...runtimeArguments[name], serve, entry.href, JSON.stringify(settings)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const gone = once(child, 'exit')
  const lines = createInterface(child.stdout)
  const [port] = await Promise.race([once(lines, 'line'), gone.then(() => Promise.reject(new Error(`${name} ended at once`)))])
  const reach = async (path: string, init?: RequestInit): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`, init)
  return {
    fetch: reach,
    async ask(path, body) {
      const response = await reach(path, { method: 'POST', body: JSON.stringify(body ?? null) })
      if (!response.ok) throw new Error(`The worker answered ${response.status}: ${await response.text()}`)
      return response.json()
    },
    async close() {
      child.stdin.end()
      await gone
    },
  }
}
