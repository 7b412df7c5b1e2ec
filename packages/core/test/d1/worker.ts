import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { Miniflare, type WorkerOptions } from 'miniflare'
import type { D1Database } from '../../src/drivers/d1/index.ts'

/** A worker in workerd, made of one source file and what it imports. */
export interface RunningWorker {
  /** Asks the worker, and answers what it answered as JSON. */
  ask(path: string, body?: unknown): Promise<unknown>
  /** The worker's D1 binding `DB`, as the worker has it. */
  database(): Promise<D1Database>
  /** Drops a customer's object of this worker from memory, as workerd does with objects that are idle. */
  evict(className: string, customer: string): Promise<void>
  /** Ends the worker, and those that were started with it. */
  close(): Promise<void>
}

/** What a worker is given besides its code. */
export type Bindings = { readonly name: string } & Partial<Pick<WorkerOptions, 'd1Databases' | 'durableObjects' | 'outboundService'>>

/** Folders in which databases and objects outlive the workers. */
export interface Persistence {
  readonly d1Persist?: string
  readonly durableObjectsPersist?: string
}

/** The source with everything it imports in one module, without anything of Node. `worker` becomes the default export. */
export async function bundleWorker(entry: URL): Promise<string> {
  const path = JSON.stringify(fileURLToPath(entry))
  const bundle = await build({
    stdin: {
      contents: `export * from ${path}\nexport { worker as default } from ${path}`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      loader: 'js',
    },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2023',
    conditions: ['@farebox/source', 'workerd', 'worker', 'browser'],
  })
  return bundle.outputFiles[0]?.text ?? ''
}

/** Starts one worker for each of the bindings, each in its own isolate, all with the same code and without compatibility with Node. */
export async function startWorkers(
  entry: URL,
  bindings: readonly Bindings[],
  persistence: Persistence = {},
): Promise<readonly RunningWorker[]> {
  const script = await bundleWorker(entry)
  const workers = bindings.map((own) => ({ modules: true as const, script, compatibilityDate: '2026-07-01', ...own }))
  const miniflare = new Miniflare({ ...persistence, workers })
  return Promise.all(bindings.map(async ({ name }) => reach(miniflare, name)))
}

async function reach(miniflare: Miniflare, name: string): Promise<RunningWorker> {
  const fetcher: unknown = await miniflare.getWorker(name)
  if (!isFetcher(fetcher)) throw new Error('The worker did not start')
  return {
    async ask(path, body) {
      const url = new URL(path, 'https://worker.example.com')
      const response = await fetcher.fetch(url.href, { method: 'POST', body: JSON.stringify(body ?? null) })
      const text = await response.text()
      if (!response.ok) throw new Error(`The worker answered ${response.status}: ${text}`)
      const answer: unknown = JSON.parse(text)
      return answer
    },
    database: async () => miniflare.getD1Database('DB', name),
    async evict(className, customer) {
      await miniflare.unsafeEvictDurableObject(name, className, { name: customer })
    },
    close: async () => dispose(miniflare),
  }
}

const disposed = new WeakMap<Miniflare, Promise<void>>()

async function dispose(miniflare: Miniflare): Promise<void> {
  const end = disposed.get(miniflare) ?? miniflare.dispose()
  disposed.set(miniflare, end)
  return end
}

interface Fetcher {
  fetch(url: string, init: { readonly method: string; readonly body: string }): Promise<Response>
}

function isFetcher(value: unknown): value is Fetcher {
  return typeof value === 'object' && value !== null && 'fetch' in value && typeof value.fetch === 'function'
}

export async function startWorker(entry: URL, bindings: Bindings): Promise<RunningWorker> {
  const [worker] = await startWorkers(entry, [bindings])
  if (worker === undefined) throw new Error('The worker did not start')
  return worker
}
