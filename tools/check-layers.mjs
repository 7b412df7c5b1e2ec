// Proves that dependencies run one way: between the layers of core, between packages, and without a cycle.
import { posix } from 'node:path'
import typescript from 'typescript'
import { root } from './bootstrap.mjs'
import { conclude, isSource, isTest, readFiles } from './source-files.mjs'

const ground = ['errors', 'domain', 'ports']
const server = [...ground, 'protocol', 'use-cases']

/** What each layer of core may import: other layers, and packages. A layer may always import itself. */
const layers = /** @type {Record<string, { layers: string[], packages?: string[] }>} */ ({
  errors: { layers: [] },
  domain: { layers: ['errors'] },
  catalog: { layers: ['errors', 'domain'] },
  ports: { layers: ['errors', 'domain'] },
  protocol: { layers: ground },
  'use-cases': { layers: [...ground, 'protocol'] },
  storage: { layers: ground },
  'drivers/memory': { layers: [...ground, 'storage'] },
  'drivers/postgres': { layers: [...ground, 'storage'] },
  'drivers/redis': { layers: [...ground, 'storage'] },
  'drivers/sqlite': { layers: [...ground, 'storage'] },
  'drivers/d1': { layers: [...ground, 'storage', 'drivers/sqlite'] },
  'drivers/durable-object': { layers: [...ground, 'storage'] },
  'drivers/jose': { layers: ground, packages: ['jose'] },
  'drivers/stripe': { layers: [...ground, 'catalog'], packages: ['stripe', 'zod/mini'] },
  'drivers/clerk': { layers: [...ground, 'drivers/jose'], packages: ['@clerk/backend', '@clerk/backend/webhooks', 'zod/mini'] },
  'drivers/session': { layers: ground },
  http: { layers: server, packages: ['zod/mini'] },
  client: { layers: ['errors', 'domain', 'protocol'] },
  testing: { layers: [...ground, 'protocol', 'storage', 'drivers/memory'] },
  'token.ts': { layers: [...server, 'drivers/jose'] },
  'on-demand.ts': { layers: [...server, 'http'] },
  'farebox.ts': { layers: [...server, 'http'] },
  'create-farebox.ts': { layers: [...server, 'http', 'on-demand.ts', 'farebox.ts'] },
  'index.ts': { layers: [...server, 'http', 'farebox.ts', 'create-farebox.ts'] },
})

/** Folders of a place, each of which may import those before it. What lies beside them is shared by all. */
const orders = /** @type {Record<string, string[]>} */ ({
  'packages/core/src/use-cases': (
    'customers decisions counting leases delivering payments converging seats plan-tokens admin ' +
    'checkout subscription billing webhooks healing start'
  ).split(' '),
  'packages/stripe-simulator/src/lifecycle': 'amounts discounts meters payments invoices subscriptions schedules checkout people due'.split(' '),
})

/** Names the types of all that a call carries, wherever they are. */
const context = 'packages/core/src/use-cases/context.ts'

/** Which packages of the workspace each package may import in its sources. */
const packages = /** @type {Record<string, RegExp>} */ ({
  core: /^$/,
  react: /^@farebox\/core\/(catalog|client|protocol)$/,
  'hono-adapter': /^@farebox\/core(\/|$)/,
  'next-adapter': /^@farebox\/core(\/|$)/,
  'stripe-simulator': /^$/,
  cli: /^@farebox\/core(\/|$)/,
})

/**
 * Every import that breaks a rule, one sentence each.
 *
 * @param {Map<string, string>} files path from the root -> text
 * @returns {string[]}
 */
export function findLayerFaults(files) {
  const sources = [...files].filter(([path]) => isSource(path) && !isTest(path))
  /** @type {Map<string, string[]>} */
  const graph = new Map()
  const faults = sources.flatMap(([path, text]) => {
    const specifiers = typescript.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)
    graph.set(path, specifiers.filter(isRelative).map((specifier) => resolve(path, specifier)))
    return [...new Set(specifiers)].flatMap((specifier) => judge(path, specifier) ?? [])
  })
  return [...faults, ...findCycles(graph)]
}

/**
 * @param {string} path
 * @param {string} specifier
 * @returns {string | undefined}
 */
function judge(path, specifier) {
  const [, packageName = '', file = ''] = /^packages\/([^/]+)\/src\/(.+)$/.exec(path) ?? []
  if (packageName === '') return undefined
  if (isRelative(specifier)) {
    const target = resolve(path, specifier)
    if (!target.startsWith(`packages/${packageName}/src/`)) return `${path} reaches out of its package: ${specifier}`
    const fault = packageName === 'core' ? judgeLayer(path, layerOf(file), layerOf(target.split('/src/')[1] ?? '')) : undefined
    return fault ?? judgeOrder(path, target)
  }
  if (/^(@farebox\/|farebox$)/.test(specifier)) {
    const isAllowed = packages[packageName]?.test(specifier) ?? false
    return isAllowed ? undefined : `${path} (package ${packageName}) may not import ${specifier}`
  }
  if (packageName !== 'core') return undefined
  const isAllowed = layers[layerOf(file)]?.packages?.includes(specifier) ?? false
  return isAllowed ? undefined : `${path} (layer ${layerOf(file)}) may not import the package ${specifier}`
}

/**
 * @param {string} path
 * @param {string} from
 * @param {string} to
 */
function judgeLayer(path, from, to) {
  const rule = layers[from]
  if (rule === undefined) return `${path} belongs to no layer`
  return from === to || rule.layers.includes(to) ? undefined : `${path} (layer ${from}) may not import layer ${to}`
}

/**
 * @param {string} path
 * @param {string} target
 */
function judgeOrder(path, target) {
  const place = Object.keys(orders).find((known) => path.startsWith(`${known}/`) && target.startsWith(`${known}/`))
  if (place === undefined || path === context) return undefined
  const order = ['', ...(orders[place] ?? [])]
  const [own = '', other = ''] = [path, target].map((file) => posix.dirname(posix.relative(place, file)).replace('.', ''))
  const strange = [own, other].find((folder) => !order.includes(folder))
  if (strange !== undefined) return `${path}: ${place}/${strange} has no place among the folders there`
  return order.indexOf(other) <= order.indexOf(own) ? undefined : `${path} may not import ${target}, whose folder comes after its own`
}

/** @param {string} file path below src */
function layerOf(file) {
  const [first = '', second = ''] = file.split('/')
  return first === 'drivers' ? `drivers/${second}` : first
}

/** @param {string} specifier */
function isRelative(specifier) {
  return specifier.startsWith('.')
}

/**
 * @param {string} path
 * @param {string} specifier
 */
function resolve(path, specifier) {
  return posix.join(posix.dirname(path), specifier)
}

/**
 * @param {Map<string, string[]>} graph
 * @returns {string[]}
 */
function findCycles(graph) {
  /** @type {Set<string>} */
  const done = new Set()
  /** @type {string[]} */
  const trail = []
  /** @type {string[]} */
  const cycles = []
  /** @param {string} path */
  const visit = (path) => {
    if (trail.includes(path)) cycles.push(`cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' -> ')}`)
    if (done.has(path) || trail.includes(path)) return
    trail.push(path)
    for (const next of graph.get(path) ?? []) visit(next)
    trail.pop()
    done.add(path)
  }
  for (const path of graph.keys()) visit(path)
  return cycles
}

if (import.meta.main) {
  const files = new Map([...readFiles(root, 'packages', isSource), ...readFiles(root, 'examples', isSource)])
  conclude(findLayerFaults(files), `layers: ${files.size} files`)
}
