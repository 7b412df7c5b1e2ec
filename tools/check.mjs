// Runs every check of the project and ends with the line "N passed, N failed". What only reads what was built runs side by side.
// Arguments choose checks by name: `npm test -- lint tests`.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { ensureInstalled, provideProgram, root } from './bootstrap.mjs'
import { findChromium } from './chromium.mjs'
import { findRedis } from './servers/redis.mjs'

const inContinuousIntegration = Boolean(process.env.CI) && process.env.CI !== 'false'
const cache = join(root, 'node_modules', '.cache', 'check')
const report = join(cache, 'vitest.json')

/** @type {{ name: string, seconds: number, passed: number, failed: number }[]} */
const results = []
/** @type {string[]} */
const notRun = []
/** @type {string[]} */
const failures = []

const environment = ensureInstalled()
mkdirSync(cache, { recursive: true })
if (provideProgram('chromium', findChromium) === undefined) {
  notRun.push('tests in a browser: no Chromium; install `chromium` or name one in CHROMIUM_PATH')
}
if (provideProgram('redis-server', findRedis) === undefined) {
  notRun.push('tests on Redis: no redis-server; install `redis-server` or name one in REDIS_SERVER_PATH')
}

/** @type {Record<string, string[]>} */
const checks = {
  build: ['node', 'tools/build.mjs'],
  types: ['tsc', '-b', '--singleThreaded'],
  docs: ['typedoc'],
  lint: ['oxlint', '--type-aware', '--deny-warnings'],
  examples: ['node', 'tools/check-examples.mjs'],
  packages: ['node', 'tools/check-packages.mjs'],
  registry: ['node', 'tools/check-registry.mjs'],
  unused: ['knip'],
  size: ['size-limit'],
  words: ['node', 'tools/check-words.mjs'],
  layers: ['node', 'tools/check-layers.mjs'],
  exports: ['node', 'tools/check-exports.mjs'],
  client: ['node', 'tools/check-client.mjs'],
  events: ['node', 'tools/stripe-events.mjs'],
  gallery: ['node', 'tools/gallery.mjs'],
  tests: ['vitest', 'run', ...chosenProjects(), '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
  stores: ['node', 'tools/store-table.mjs'],
}
/** They make what the others read, or need every core. */
const alone = new Set(['build', 'tests', 'stores'])

const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !(name in checks))
if (unknown.length > 0) {
  process.stderr.write(`Unknown check: ${unknown.join(', ')}. There are: ${Object.keys(checks).join(', ')}.\n`)
  process.exit(2)
}
rmSync(report, { force: true })
if (chosen.length === 0) rmSync(join(root, 'node_modules', '.cache', 'stores'), { recursive: true, force: true })
const waiting = Object.keys(checks).filter((name) => chosen.length === 0 || chosen.includes(name))
while (waiting.length > 0) {
  const together = alone.has(waiting[0] ?? '') ? 1 : waiting.findIndex((name) => alone.has(name))
  await runAll(waiting.splice(0, together === -1 ? waiting.length : together))
}
summarize()

function chosenProjects() {
  return findChromium() === undefined ? ['--project', '!browser'] : []
}

/** @param {string[]} names */
async function runAll(names) {
  const queue = [...names]
  const isShown = names.length === 1
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) await run(name, isShown)
    }),
  )
}

/**
 * @param {string} name
 * @param {boolean} isShown while it runs, and not in one piece at its end
 */
async function run(name, isShown) {
  const [program = '', ...programArguments] = checks[name] ?? []
  const title = `\n== ${name}: ${[program, ...programArguments.slice(0, 2)].join(' ')}\n`
  if (isShown) process.stdout.write(title)
  const started = performance.now()
  const child = spawn(program, programArguments, {
    cwd: root,
    env: environment,
    stdio: isShown ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('close', (status) => resolve(status))
  })
  let printed = title
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (printed += String(chunk)))
  const status = await ended
  if (!isShown) process.stdout.write(printed)
  if (typeof status === 'string') process.stdout.write(`${status}\n`)
  const seconds = (performance.now() - started) / 1000
  const counted = name === 'tests' ? countTests() : { passed: 0, failed: 0 }
  const isBroken = status !== 0 && counted.failed === 0
  const isWhole = status === 0 && counted.passed === 0
  results.push({ name, seconds, passed: counted.passed + (isWhole ? 1 : 0), failed: counted.failed + (isBroken ? 1 : 0) })
}

function countTests() {
  if (!existsSync(report)) return { passed: 0, failed: 0 }
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
  for (const file of testResults) {
    if (file.message !== '') failures.push(`${relative(root, file.name)}: ${firstLines(file.message)}`)
    for (const test of file.assertionResults) {
      if (test.status === 'failed') failures.push(`${relative(root, file.name)}: ${test.fullName.trim()}\n  ${firstLines(test.failureMessages.join('\n'))}`)
      if (['pending', 'skipped', 'todo', 'disabled'].includes(test.status)) notRun.push(`test: ${test.fullName.trim()}`)
    }
  }
  return { passed: numPassedTests, failed: numFailedTests }
}

/** @param {string} message */
function firstLines(message) {
  return message.split('\n').slice(0, 12).join('\n  ').slice(0, 1500)
}

function summarize() {
  if (failures.length > 0) process.stdout.write(`\n== failed tests\n${failures.map((line) => `- ${line}\n`).join('')}`)
  process.stdout.write('\n== summary\n')
  for (const { name, seconds, passed, failed } of results) {
    const verdict = failed === 0 ? 'ok    ' : 'FAILED'
    const count = passed + failed > 1 ? `, ${passed} passed, ${failed} failed` : ''
    process.stdout.write(`${verdict} ${name} (${seconds.toFixed(1)} s${count})\n`)
  }
  if (notRun.length > 0) process.stdout.write(`Not run:\n${notRun.map((line) => `- ${line}\n`).join('')}`)
  const passed = results.reduce((sum, result) => sum + result.passed, 0)
  const failed = results.reduce((sum, result) => sum + result.failed, inContinuousIntegration ? notRun.length : 0)
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  process.exitCode = failed === 0 ? 0 : 1
}
