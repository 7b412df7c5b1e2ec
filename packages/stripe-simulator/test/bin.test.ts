import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import Stripe from 'stripe'
import { expect, onTestFinished, test } from 'vitest'

const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url))

function run(...options: string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', bin, ...options])
  onTestFinished(() => void child.kill())
  return child
}

async function finish(child: ChildProcessWithoutNullStreams): Promise<{ code: unknown; output: string }> {
  const chunks: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()))
  const [code] = await once(child, 'close')
  return { code, output: chunks.join('') }
}

test('the command serves a simulator until it is told to stop', async () => {
  const child = run('--port', '0', '--frozen', '--now', '2026-01-31T00:00:00Z')
  const [chunk] = await once(child.stdout, 'data')
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(String(chunk))?.[0]
  const response = await fetch(`${url}/_/clock`)
  expect(await response.json()).toEqual({ now: '2026-01-31T00:00:00.000Z', mode: 'frozen' })
  const stopped = finish(child)
  child.kill('SIGTERM')
  expect((await stopped).code).toBe(0)
})

test('the command tells what became of each delivery', async () => {
  const seen: string[] = []
  const app = createServer((request, response) => void request.resume().on('end', () => response.writeHead(seen.length > 1 ? 400 : 200).end()))
  onTestFinished(() => void app.close())
  await once(app.listen(0, '127.0.0.1'), 'listening')
  const { port } = app.address() as AddressInfo
  const child = run('--port', '0', '--webhook-url', `http://127.0.0.1:${port}/hooks`, '--webhook-secret', 'whsec_a')
  const lines = createInterface(child.stdout)
  lines.on('line', (line) => void seen.push(line))
  await once(lines, 'line')
  const stripe = new Stripe('sk_test_a', { host: '127.0.0.1', port: Number(/\d+$/.exec(seen[0] ?? '')?.[0]), protocol: 'http', telemetry: false })
  for (const name of ['first', 'second']) {
    const told = once(lines, 'line')
    await stripe.products.create({ name })
    await told
  }
  expect(seen.slice(1)).toEqual([
    expect.stringMatching(/^200 {2}product\.created \(evt_\w+\) to http:\/\/127\.0\.0\.1:\d+\/hooks$/),
    expect.stringMatching(/^400 {2}product\.created \(evt_\w+\) to /),
  ])
})

test('the command names every fault of its options at once', async () => {
  const { code, output } = await finish(run('--port', 'x', '--now', 'soon', '--webhook-url', 'nowhere'))
  expect(code).toBe(1)
  for (const fault of ['--port', '--now', 'belong together', 'must be an http URL']) expect(output).toContain(fault)
  expect((await finish(run('--help'))).output).toContain('--webhook-secret')
})

test('the command explains what it does not understand, without a stack trace', async () => {
  const misuses = [['--fly'], ['--port', ''], ['--webhook-url', 'ftp://a/', '--webhook-secret', 'a'], ['--webhook-url', 'http://a/', '--webhook-secret', ' ']]
  for (const misuse of misuses) {
    const { code, output } = await finish(run(...misuse))
    expect({ misuse, code }).toEqual({ misuse, code: 1 })
    expect(output).toContain('--webhook-secret <secret>')
    expect(output).not.toMatch(/^\s+at /m)
  }
})
