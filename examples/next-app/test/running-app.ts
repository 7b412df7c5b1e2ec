import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { forkExample } from '../../../tools/fork.mjs'
import { findFreePort } from '../../../tools/servers/server-process.mjs'

const folder = join(import.meta.dirname, '..')

/** The app and its Stripe, in a folder and at ports of their own. */
export interface AppPlace {
  readonly url: string
  /** Runs `npm run dev` there; the answer ends it. */
  start(): Promise<() => Promise<void>>
  remove(): void
}

/** A fork of the app, where packages are found as they are from the app itself. */
export async function createAppPlace(): Promise<AppPlace> {
  mkdirSync(join(folder, '.cache'), { recursive: true })
  const place = mkdtempSync(join(folder, '.cache', 'app-'))
  forkExample(place, { example: 'next-app' })
  const [port, simulatorPort] = [await findFreePort(), await findFreePort()]
  return {
    url: `http://localhost:${port}`,
    start: () => start(place, { PORT: String(port), STRIPE_SIMULATOR_PORT: String(simulatorPort) }),
    remove: () => rmSync(place, { recursive: true, force: true }),
  }
}

async function start(place: string, ports: Readonly<Record<string, string>>): Promise<() => Promise<void>> {
  const app = spawn(process.execPath, ['dev.ts'], {
    cwd: place,
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'development', NEXT_TELEMETRY_DISABLED: '1', ...ports },
  })
  let output = ''
  for (const stream of [app.stdout, app.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = once(app, 'close')
  while (!output.includes('Ready in')) {
    const isOver = await Promise.race([once(app.stdout, 'data').then(() => false), ended.then(() => true)])
    if (isOver) throw new Error(`The app ended:\n${output}`)
  }
  return async () => {
    app.kill()
    await ended
  }
}
