import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'

const folder = join(import.meta.dirname, 'app')
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

export async function startApp(): Promise<RunningApp> {
  for (const file of ['../dist/index.js', '../../core/dist/index.js', '../../react/dist/index.js']) {
    if (!existsSync(join(import.meta.dirname, file))) throw new Error(`Run the build first: ${file} is missing`)
  }
  rmSync(join(folder, '.next'), { recursive: true, force: true })
  const build = run(['build', folder])
  const [code] = await once(build.child, 'close')
  if (code !== 0) throw new Error(`next build failed:\n${build.output()}`)

  const port = await freePort()
  const server = run(['start', folder, '--port', String(port), '--hostname', '127.0.0.1'])
  await untilReady(server)
  return {
    url: `http://127.0.0.1:${port}`,
    actions: readActions(),
    buildId: readFileSync(join(folder, '.next/BUILD_ID'), 'utf8'),
    log: () => server.output(),
    send: (target, fields = [], method = 'GET') => send(port, target, fields, method),
    async stop() {
      const closed = once(server.child, 'close')
      server.child.kill()
      await closed
    },
  }
}

interface Running {
  readonly child: ChildProcess
  output(): string
}

function run(options: readonly string[]): Running {
  const { NODE_OPTIONS: _, NODE_ENV: __, ...environment } = process.env
  const child = spawn(process.execPath, [next, ...options], {
    cwd: folder,
    env: { ...environment, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  return { child, output: () => output }
}

async function untilReady(running: Running): Promise<void> {
  const { child } = running
  while (!running.output().includes('Ready in')) {
    const [data] = await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'close').then(() => [null])])
    if (data === null) throw new Error(`next start failed:\n${running.output()}`)
  }
}

function readActions(): Readonly<Record<string, string>> {
  const file = join(folder, '.next/server/server-reference-manifest.json')
  const { node }: { node: Record<string, { exportedName: string }> } = JSON.parse(readFileSync(file, 'utf8'))
  return Object.fromEntries(Object.entries(node).map(([id, { exportedName }]) => [exportedName, id]))
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
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
