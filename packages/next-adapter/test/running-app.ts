import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { basename, join, resolve } from 'node:path'

const next = join(import.meta.dirname, '../node_modules/next/dist/bin/next')

/** A Next app, built and started as its users would. */
export interface RunningApp {
  readonly url: string
  /** Ids of server actions by the name they are exported under. */
  readonly actions: Readonly<Record<string, string>>
  readonly buildId: string
  /** What the server printed so far. */
  log(): string
  /** Sends a request target exactly as it is spelled. */
  send(target: string, fields?: readonly string[], method?: string): Promise<string>
  stop(): Promise<void>
}

/** Starts one of the apps beside this file. Others may do so at the same time: it is built in a folder, and heard on a port, of its own. */
export async function startApp(name: 'app' | 'cached-app'): Promise<RunningApp> {
  for (const file of ['../dist/index.js', '../../core/dist/index.js', '../../react/dist/index.js']) {
    if (!existsSync(join(import.meta.dirname, file))) throw new Error(`Run the build first: ${file} is missing`)
  }
  const place = copyOf(name)
  const folder = join(place, name)
  const remove = (): void => rmSync(place, { recursive: true, force: true })
  const { server, port } = await serve(folder).catch((error: unknown) => {
    remove()
    throw error
  })
  return {
    url: `http://127.0.0.1:${port}`,
    actions: readActions(folder),
    buildId: readFileSync(join(folder, '.next/BUILD_ID'), 'utf8'),
    log: () => server.output(),
    send: (target, fields = [], method = 'GET') => send(port, target, fields, method),
    async stop() {
      const closed = once(server.child, 'close')
      server.child.kill()
      await closed
      remove()
    },
  }
}

async function serve(folder: string): Promise<{ readonly server: Running; readonly port: number }> {
  const build = run(folder, ['build', folder])
  const [code] = await once(build.child, 'close')
  if (code !== 0) throw new Error(`next build failed:\n${build.output()}`)
  const server = run(folder, ['start', folder, '--port', '0', '--hostname', '127.0.0.1'])
  return { server, port: await portOf(server) }
}

/** A copy of an app and of what it shares with its tests, where packages are found as they are from here. */
function copyOf(name: string): string {
  const cache = join(import.meta.dirname, '../.cache')
  mkdirSync(cache, { recursive: true })
  const place = mkdtempSync(join(cache, `${name}-`))
  for (const file of [name, 'sign-in.ts']) {
    cpSync(join(import.meta.dirname, file), join(place, file), { recursive: true, filter: (path) => basename(path) !== '.next' })
  }
  return place
}

interface Running {
  readonly child: ChildProcess
  output(): string
}

function run(folder: string, options: readonly string[]): Running {
  const { NODE_OPTIONS: _, NODE_ENV: __, ...environment } = process.env
  const child = spawn(process.execPath, [next, ...options], {
    cwd: folder,
    env: { ...environment, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', REPOSITORY: resolve(import.meta.dirname, '../../..') },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  return { child, output: () => output }
}

/** The port that it was given, once it answers there. */
async function portOf(running: Running): Promise<number> {
  const { child } = running
  while (!running.output().includes('Ready in')) {
    const [data] = await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'close').then(() => [null])])
    if (data === null) throw new Error(`next start failed:\n${running.output()}`)
  }
  const [, port] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(running.output()) ?? []
  if (port === undefined) throw new Error(`next start did not say where:\n${running.output()}`)
  return Number(port)
}

function readActions(folder: string): Readonly<Record<string, string>> {
  const file = join(folder, '.next/server/server-reference-manifest.json')
  const { node }: { node: Record<string, { exportedName: string }> } = JSON.parse(readFileSync(file, 'utf8'))
  return Object.fromEntries(Object.entries(node).map(([id, { exportedName }]) => [exportedName, id]))
}

async function send(port: number, target: string, fields: readonly string[], method: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', () => undefined)
  socket.end([`${method} ${target} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...fields, '', ''].join('\r\n'))
  await once(socket, 'close')
  return Buffer.concat(chunks).toString()
}
