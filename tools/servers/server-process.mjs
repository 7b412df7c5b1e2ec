import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Ends the server and removes its directory once the process that started it is gone, however it went: then the pipe
 * on its standard input closes. Each line names the server's present process, an empty one that there is none.
 */
const guard = `pid=
while read -r line; do pid=$line; done
if [ -n "$pid" ]; then
  kill -s "$1" "$pid"
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    kill -0 "$pid" && sleep 0.1
  done
  kill -s KILL "$pid"
fi
[ -z "$2" ] || rm -rf "$2"`

/**
 * @typedef {object} ServerCommand
 * @property {string} program
 * @property {readonly string[]} programArguments
 * @property {RegExp} ready what the server prints once it answers
 * @property {{ uid?: number, gid?: number }} [user] who runs it, where that is not this process's user
 */

/**
 * @typedef {object} ServerProcess
 * @property {number} pid
 * @property {(signal: NodeJS.Signals) => Promise<void>} end sends the signal and waits until the process is gone
 */

/**
 * What one server leaves behind: at most one process, and a directory. Both are gone after `close()`, and soon after
 * this process has ended.
 *
 * @param {{ lastSignal: NodeJS.Signals, directory?: string | undefined }} options `directory` is kept; without it there is a new one
 * @returns {Promise<{ directory: string, run(command: ServerCommand): Promise<ServerProcess>, close(): Promise<void> }>}
 */
export async function createServerPlace({ lastSignal, directory: given }) {
  const directory = given ?? (await mkdtemp(join(tmpdir(), 'farebox-server-')))
  const tell = startGuard(lastSignal.replace('SIG', ''), given === undefined ? directory : '')
  /** @type {ServerProcess | undefined} */
  let running
  return {
    directory,
    async run(command) {
      const started = await startProcess(command, tell)
      running = started
      return started
    },
    async close() {
      await running?.end(lastSignal)
      if (given === undefined) await rm(directory, { recursive: true, force: true })
      tell(null)
    },
  }
}

/**
 * @param {string} signal
 * @param {string} directory
 * @returns {(pid: string | null) => void}
 */
function startGuard(signal, directory) {
  if (process.platform === 'win32') return () => undefined
  const shell = spawn('/bin/sh', ['-c', guard, 'guard', signal, directory], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  shell.unref()
  const input = /** @type {import('node:net').Socket} */ (shell.stdin)
  input.unref()
  input.on('error', () => undefined)
  return (pid) => void (pid === null ? input.end() : input.write(`${pid}\n`))
}

/**
 * @param {ServerCommand} command
 * @param {(pid: string) => void} tell
 * @returns {Promise<ServerProcess>}
 */
async function startProcess({ program, programArguments, ready, user = {} }, tell) {
  const child = spawn(program, programArguments, { ...user, detached: true, stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' })
  const gone = new Promise((resolve) => {
    child.once('close', resolve).once('error', resolve)
  })
  if (child.pid !== undefined) tell(String(child.pid))
  let log = ''
  await new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`${program} did not start: ${log.trim().slice(-2000)}`))
    const timer = setTimeout(fail, 120_000)
    child.once('error', fail)
    child.once('close', fail)
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        log = `${log}${text}`.slice(-10_000)
        if (ready.test(log)) resolve(clearTimeout(timer))
      })
    }
  }).catch((/** @type {unknown} */ error) => {
    child.kill('SIGKILL')
    throw error
  })
  child.once('close', () => tell(''))
  const sockets = /** @type {import('node:net').Socket[]} */ ([child.stdout, child.stderr])
  for (const holder of [child, ...sockets]) holder.unref()
  return {
    pid: child.pid ?? 0,
    async end(signal) {
      for (const holder of [child, ...sockets]) holder.ref()
      child.kill(signal)
      await gone
    },
  }
}

/**
 * A port of the loopback interface that nobody listens on now. It is below those that connections and servers without a
 * port of their own are given, so that none of them takes it until it is used, or while a server starts anew.
 *
 * @returns {Promise<number>}
 */
export async function findFreePort() {
  const port = randomInt(10_000, 32_000)
  const server = createServer().listen(port, '127.0.0.1')
  const isFree = await once(server, 'listening').then(() => true, () => false)
  if (!isFree) return findFreePort()
  server.close()
  await once(server, 'close')
  return port
}

/**
 * Starts on a free port, and on another where somebody was faster.
 *
 * @param {number | undefined} wanted the one to take, where it is given
 * @param {(port: number) => Promise<ServerProcess>} start
 * @returns {Promise<{ port: number, process: ServerProcess }>}
 */
export async function startOnPort(wanted, start) {
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted ?? (await findFreePort())
    try {
      return { port, process: await start(port) }
    } catch (error) {
      if (wanted !== undefined || attempt === 3 || !/in use/i.test(String(error))) throw error
    }
  }
}
