// Checks that the README's table of stores says what the last run of the contract suites found; `--write` makes it so.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './bootstrap.mjs'
import { findRedis } from './servers/redis.mjs'
import { findRuntime, runtimeNames } from './servers/runtimes.mjs'
import { conclude } from './source-files.mjs'

/** @typedef {{ store: string, client: string, port: 'usage' | 'records', label: string, passed: number, rules: number }} Run */

const begin = '<!-- stores: written by tools/store-table.mjs from the run of the contract suites -->'
const end = '<!-- stores: end -->'

/** In the order of the table, with what a label alone does not say. */
const stores = {
  memory: ', in one process; forgets with it',
  postgres: '',
  redis: '; beside a store that keeps records',
  sqlite: '',
  d1: '',
  'durable-object': '; beside a store that keeps records',
}

/**
 * @param {readonly Run[]} runs
 * @returns {string}
 */
export function renderStoreTable(runs) {
  const rows = Object.entries(stores).flatMap(([store, remark]) => {
    const own = runs.filter((run) => run.store === store)
    const [first] = own
    if (first === undefined) return []
    const clients = [...new Set(own.map((run) => run.client))].filter((client) => client !== '').toSorted()
    const cells = [clients.join(', '), countOf(own, 'usage'), countOf(own, 'records'), `\`${first.label}\`${remark}`]
    return [`| \`@farebox/core/drivers/${store}\` | ${cells.join(' | ')} |`]
  })
  const head = ['| store | over | usage | records | label |', '| --- | --- | --- | --- | --- |']
  return [begin, '', ...head, ...rows, '', end].join('\n')
}

/**
 * @param {readonly Run[]} runs
 * @param {'usage' | 'records'} port
 */
function countOf(runs, port) {
  const own = runs.filter((run) => run.port === port)
  return own.length === 0 ? 'no' : `${Math.min(...own.map((run) => run.passed))} rules`
}

/**
 * What is wrong with the runs themselves.
 *
 * @param {readonly Run[]} runs
 * @returns {string[]}
 */
export function findRunFaults(runs) {
  const missing = Object.keys(stores).filter((store) => runs.every((run) => run.store !== store))
  return [
    ...missing.map((store) => `The contract suites did not run on ${store}`),
    ...runs.flatMap(({ store, client, port, passed, rules }) =>
      passed === rules ? [] : [`${store} over ${client} keeps ${passed} of ${rules} rules of the ${port} contract`],
    ),
    ...runs.flatMap(({ store, label }) =>
      runs.some((other) => other.store === store && other.label !== label) ? [`${store} has more than one label`] : [],
    ),
  ]
}

/**
 * @param {string} page
 * @param {string} table
 * @returns {string | undefined} `undefined` where the page has no place for it
 */
export function placeStoreTable(page, table) {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  return from === -1 || to < from ? undefined : page.slice(0, from) + table + page.slice(to + end.length)
}

/** @returns {Run[]} */
function readRuns() {
  const folder = join(root, 'node_modules', '.cache', 'stores')
  const files = existsSync(folder) ? readdirSync(folder) : []
  return files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')))
}

const lacking = [...(findRedis() === undefined ? ['Redis'] : []), ...runtimeNames.filter((name) => findRuntime(name) === undefined)]
if (import.meta.main && lacking.length > 0) {
  process.stdout.write(`stores: not checked, for the contract suites could not run on ${lacking.join(', ')}\n`)
} else if (import.meta.main) {
  const file = join(root, 'README.md')
  const runs = readRuns()
  const page = readFileSync(file, 'utf8')
  const placed = placeStoreTable(page, renderStoreTable(runs))
  const faults = findRunFaults(runs)
  if (placed === undefined) faults.push('README.md has no place for the table of stores')
  else if (faults.length === 0 && process.argv.includes('--write')) writeFileSync(file, placed)
  else if (faults.length === 0 && placed !== page) faults.push('README.md is not what the run found: node tools/store-table.mjs --write')
  conclude(faults, `stores: ${runs.length} runs of a contract suite`)
}
