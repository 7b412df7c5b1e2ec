import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { askRedis } from './redis-protocol.mjs'
import { createServerPlace, findFreePort, startOnPort } from './server-process.mjs'

/** @typedef {'none' | 'aof-always' | 'aof-everysec' | 'rdb'} RedisPersistence */

/** @type {Readonly<Record<RedisPersistence, readonly string[]>>} */
const persistenceArguments = {
  none: ['--save', '', '--appendonly', 'no'],
  'aof-always': ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'],
  'aof-everysec': ['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'],
  rdb: ['--save', '3600 1 300 100 60 10000', '--appendonly', 'no'],
}

/**
 * The Redis server of this machine, or `undefined` when it has none.
 *
 * @returns {string | undefined}
 */
export function findRedis() {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const places = [process.env.REDIS_SERVER_PATH, ...folders.map((folder) => join(folder, 'redis-server')), '/usr/bin/redis-server']
  return places.find((place) => place !== undefined && place !== '' && existsSync(place))
}

/**
 * @typedef {object} RedisServer
 * @property {number} port
 * @property {string} url
 * @property {string} directory with its persistence files
 * @property {number} pid of the process that runs now
 * @property {() => Promise<void>} kill with SIGKILL; what its persistence kept comes back with `start()`
 * @property {() => Promise<void>} start on the same port and directory
 * @property {() => Promise<void>} stop ends the server, and removes its directory unless that was given
 */

/**
 * A Redis server of its own on the loopback interface, on a free port unless `port` names one. It ends with this process.
 *
 * @param {{ persistence?: RedisPersistence, directory?: string, port?: number, settings?: readonly string[] }} [options]
 * `settings` as on the command line, such as `['--maxmemory', '10mb']`
 * @returns {Promise<RedisServer>}
 */
export async function startRedis({ persistence = 'none', directory, port: wanted, settings = [] } = {}) {
  const program = findRedis()
  if (program === undefined) throw new Error('There is no redis-server: install it, or name one in REDIS_SERVER_PATH')
  const place = await createServerPlace({ lastSignal: 'SIGKILL', directory })
  /** @param {number} port */
  const run = (port) => {
    const programArguments = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      place.directory,
      ...persistenceArguments[persistence],
      ...settings,
    ]
    return place.run({ program, programArguments, ready: /Ready to accept connections/ })
  }
  try {
    const { port, process } = await startOnPort(wanted, run)
    let running = process
    return {
      port,
      directory: place.directory,
      url: `redis://127.0.0.1:${port}`,
      get pid() {
        return running.pid
      },
      kill: () => running.end('SIGKILL'),
      async start() {
        running = await run(port)
      },
      stop: () => place.close(),
    }
  } catch (error) {
    await place.close()
    throw error
  }
}

/**
 * Three masters that share the slots evenly, once all of them agree. They need two seconds for it: that is how long a
 * master waits before it answers.
 *
 * @param {{ persistence?: RedisPersistence }} [options]
 * @returns {Promise<{ ports: readonly number[], nodes: readonly RedisServer[], stop(): Promise<void> }>}
 */
export async function startRedisCluster({ persistence = 'none' } = {}) {
  const busPorts = [await findFreePort(), await findFreePort(), await findFreePort()]
  const started = await Promise.allSettled(
    busPorts.map((bus) => {
      const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(bus), '--cluster-node-timeout', '60000']
      return startRedis({ persistence, settings: cluster })
    }),
  )
  const nodes = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const stop = async () => void (await Promise.all(nodes.map((node) => node.stop())))
  try {
    for (const result of started) if (result.status === 'rejected') throw result.reason
    await joinMasters(nodes, busPorts)
    return { ports: nodes.map((node) => node.port), nodes, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/**
 * @param {readonly RedisServer[]} nodes
 * @param {readonly number[]} busPorts
 */
async function joinMasters(nodes, busPorts) {
  const slots = 16_384
  const [first] = nodes
  for (const [index, node] of nodes.entries()) {
    const [from, to] = [index, index + 1].map((part) => Math.floor((slots * part) / nodes.length))
    await askRedis(node.port, ['CLUSTER', 'ADDSLOTSRANGE', String(from), String((to ?? slots) - 1)])
    if (first === undefined || node === first) continue
    await askRedis(node.port, ['CLUSTER', 'MEET', '127.0.0.1', String(first.port), String(busPorts[0])])
  }
  const deadline = Date.now() + 120_000
  for (;;) {
    const infos = await Promise.all(nodes.map((node) => askRedis(node.port, ['CLUSTER', 'INFO'])))
    const isWhole = (/** @type {string} */ info) =>
      info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${nodes.length}`) && info.includes(`cluster_slots_ok:${slots}`)
    if (infos.every(isWhole)) return
    if (Date.now() > deadline) throw new Error(`The cluster did not come together: ${infos.join('\n').slice(0, 1000)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
