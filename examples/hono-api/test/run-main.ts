import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** What a run of the app printed, and how it ended. */
export interface Run {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

/** The app while it runs. */
export interface RunningMain {
  /** Asks it to end, and tells how it did. */
  stop(): Promise<Run>
}

type Variables = Readonly<Record<string, string>>

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** Runs the app as `npm start` does, with nothing in its environment but what is given, until it ends by itself. */
export function runMain(args: readonly string[], variables: Variables): Promise<Run> {
  return ended(spawnMain(args, variables))
}

/** Starts the app, and answers once it listens. */
export async function startMain(variables: Variables): Promise<RunningMain> {
  const child = spawnMain([], variables)
  const run = ended(child)
  const listening = new Promise<null>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Dashboard')) resolve(null)
    })
  })
  const failed = await Promise.race([listening, run])
  if (failed !== null) throw new Error(`The app ended with ${failed.code}: ${failed.errors}`)
  return {
    stop() {
      child.kill('SIGTERM')
      return run
    },
  }
}

function spawnMain(args: readonly string[], variables: Variables): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, ['--conditions=@farebox/source', main, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function ended(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Run> {
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output, errors }))
  })
}
