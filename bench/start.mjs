// Builds the packages that are measured, starts the servers that the chosen groups need, and measures what would be
// published. Arguments choose groups by name: `npm run bench -- memory gate`.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ensureInstalled, root } from '../tools/bootstrap.mjs'
import { startPostgres } from '../tools/servers/postgres.mjs'
import { startRedis } from '../tools/servers/redis.mjs'

const environment = ensureInstalled()
const chosen = process.argv.slice(2)

for (const folder of ['core', 'hono-adapter', 'stripe-simulator']) {
  const cwd = join(root, 'packages', folder)
  const build = spawnSync('tsup', [], { cwd, env: environment, shell: process.platform === 'win32', encoding: 'utf8' })
  if (build.status !== 0) {
    process.stderr.write(`${build.stdout}${build.stderr}\nThe build of packages/${folder} failed.\n`)
    process.exit(1)
  }
}

const redis = needs('redis') ? await startRedis({ persistence: 'none' }) : undefined
const postgres = needs('postgres') ? await startPostgres({ durable: true }) : undefined
const servers = {
  ...(redis !== undefined && { FAREBOX_BENCH_REDIS: String(redis.port) }),
  ...(postgres !== undefined && { FAREBOX_BENCH_POSTGRES: postgres.url }),
}
const main = join(root, 'bench', 'src', 'main.ts')
const run = spawn('node', ['--expose-gc', main, ...chosen], { env: { ...environment, ...servers }, stdio: 'inherit' })
const [status] = await once(run, 'exit')
await Promise.all([redis?.stop(), postgres?.stop()])
process.exitCode = Number(status ?? 1)

/** @param {'redis' | 'postgres'} server */
function needs(server) {
  return chosen.length === 0 || [server, ...(server === 'postgres' ? ['ingestion'] : []), 'leases', 'growth', 'gate'].some((group) => chosen.includes(group))
}
