import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What a run of the app printed, and how it ended. */
export interface Run {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** Runs the app as `npm start` does, with nothing in its environment but what is given. */
export function runMain(args: readonly string[], variables: Readonly<Record<string, string>>): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=@farebox/source', main, ...args], {
      env: { PATH: process.env['PATH'] ?? '', ...variables },
    })
    let output = ''
    let errors = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output, errors }))
  })
}
