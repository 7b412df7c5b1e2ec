import { findAskedServers } from './asked-servers.mjs'
import { startPostgres } from './postgres.mjs'
import { findRedis, startRedis, startRedisCluster } from './redis.mjs'

/**
 * Starts the servers that the chosen tests share, side by side, and only those that one of them asks for.
 *
 * @param {import('vitest/node').TestProject} project
 * @returns {Promise<() => Promise<void>>}
 */
export async function setup(project) {
  const asked = findAskedServers(await findChosenFiles(project))
  const asksForRedis = asked.has('redisUrl') || asked.has('redisClusterPorts')
  const hasRedis = findRedis() !== undefined
  if (asksForRedis && !hasRedis) {
    process.stdout.write('Tests on Redis do not run: there is no redis-server; install it, or name one in REDIS_SERVER_PATH\n')
  }
  /** @type {{ stop(): Promise<void> }[]} */
  const servers = []
  /**
   * @template {{ stop(): Promise<void> }} Server
   * @param {boolean} isWanted
   * @param {() => Promise<Server>} start
   * @returns {Promise<Server | null>}
   */
  const startIf = async (isWanted, start) => {
    if (!isWanted) return null
    const server = await start()
    servers.push(server)
    return server
  }
  const stop = async () => void (await Promise.all(servers.map((server) => server.stop())))
  const started = [
    startIf(asked.has('postgresUrl'), startPostgres).then((server) => project.provide('postgresUrl', server?.url ?? null)),
    startIf(hasRedis && asked.has('redisUrl'), startRedis).then((server) => project.provide('redisUrl', server?.url ?? null)),
    startIf(hasRedis && asked.has('redisClusterPorts'), startRedisCluster).then((cluster) =>
      project.provide('redisClusterPorts', cluster?.ports ?? null),
    ),
  ]
  const failed = (await Promise.allSettled(started)).find((result) => result.status === 'rejected')
  if (failed === undefined) return stop
  await stop()
  throw failed.reason
}

/** @param {import('vitest/node').TestProject} project */
async function findChosenFiles(project) {
  // Vitest keeps the file names of its command line there; without them every test file counts as chosen.
  /** @type {unknown} */
  const pattern = Reflect.get(project.vitest, 'filenamePattern')
  const { testFiles } = await project.globTestFiles(Array.isArray(pattern) ? pattern.map(String) : undefined)
  return testFiles
}
