import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import pg from 'pg'
import { describe, expect, inject, it, onTestFinished } from 'vitest'
import { startPostgres } from '../../../../tools/servers/postgres.mjs'
import { startProxy } from '../../../../tools/servers/proxy.mjs'
import { askRedis } from '../../../../tools/servers/redis-protocol.mjs'
import { startRedis } from '../../../../tools/servers/redis.mjs'

const redisUrl = inject('redisUrl')
const postgresUrl = inject('postgresUrl')
const clusterPorts = inject('redisClusterPorts')

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  client.on('error', () => undefined)
  await client.connect()
  onTestFinished(() => client.end().catch(() => undefined))
  return client
}

describe('the servers that tests share', () => {
  it('are there', async () => {
    const client = await connect(postgresUrl ?? '')
    const { rows } = await client.query<{ version: number }>("select current_setting('server_version_num')::int as version")
    expect(rows[0]?.version).toBeGreaterThanOrEqual(150_000)
  })

  // skipped: there is no redis-server on this machine
  it.skipIf(redisUrl === null)('Redis, also as a cluster that is whole', async () => {
    expect(await askRedis(Number(new URL(redisUrl ?? '').port), ['PING'])).toBe('PONG')
    expect(clusterPorts).toHaveLength(3)
    for (const port of clusterPorts ?? []) expect(await askRedis(port, ['CLUSTER', 'INFO'])).toContain('cluster_state:ok')
  })
})

describe('startPostgres()', () => {
  it('comes back with what it acknowledged after an immediate stop', async () => {
    const server = await startPostgres()
    onTestFinished(async () => server.stop())
    const before = await connect(server.url)
    await before.query('create table kept as select 7 as value')
    await server.kill()
    await expect(connect(server.url)).rejects.toThrow('ECONNREFUSED')
    await server.start()
    const { rows } = await (await connect(server.url)).query('select value from kept')
    expect(rows).toEqual([{ value: 7 }])
  })
})

// skipped: there is no redis-server on this machine
describe.skipIf(redisUrl === null)('startRedis()', () => {
  it.each([
    { persistence: 'none', kept: '' },
    { persistence: 'aof-always', kept: '1' },
  ] as const)('keeps what $persistence promises when it is killed', async ({ persistence, kept }) => {
    const server = await startRedis({ persistence })
    onTestFinished(async () => server.stop())
    const first = server.pid
    await askRedis(server.port, ['SET', 'a', '1'])
    await server.kill()
    await server.start()
    expect(server.pid).not.toBe(first)
    expect(await askRedis(server.port, ['GET', 'a'])).toBe(kept)
  })

  it('ends, and leaves nothing, once the process that started it was killed', async () => {
    const module = new URL('../../../../tools/servers/redis.mjs', import.meta.url).href
    const script = `const { startRedis } = await import('${module}'); const server = await startRedis()

      process.stdout.write(JSON.stringify(server)); setInterval(() => undefined, 1000)`
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(parent.stdout.setEncoding('utf8'), 'data')
    const { port, directory } = JSON.parse(String(line)) as { port: number; directory: string }
    expect(await askRedis(port, ['PING'])).toBe('PONG')
    expect(existsSync(directory)).toBe(true)
    parent.kill('SIGKILL')
    await expect.poll(() => existsSync(directory)).toBe(false)
    await expect(askRedis(port, ['PING'])).rejects.toThrow('ECONNREFUSED')
  })
})

// skipped: there is no redis-server on this machine
describe.skipIf(redisUrl === null)('startProxy()', () => {
  it('cuts, holds, drops answers, slows and heals', async () => {
    const port = Number(new URL(redisUrl ?? '').port)
    const proxy = await startProxy(port)
    onTestFinished(async () => proxy.close())
    const key = `proxy-${crypto.randomUUID()}`
    const count = async (through: number): Promise<string> => askRedis(through, ['INCR', key])
    expect(await count(proxy.port)).toBe('1')

    proxy.cut()
    await expect(count(proxy.port)).rejects.toThrow('ECONNRESET')
    proxy.blackHole()
    const held = count(proxy.port)
    await expect.poll(() => proxy.connections()).toBe(1)
    expect(await askRedis(port, ['GET', key])).toBe('1')
    proxy.heal()
    expect(await held).toBe('2')

    proxy.blackHole('answers')
    const unanswered = count(proxy.port)
    await expect.poll(async () => askRedis(port, ['GET', key])).toBe('3')
    proxy.heal()
    expect(await unanswered).toBe('3')

    proxy.slow(40)
    const started = performance.now()
    expect(await count(proxy.port)).toBe('4')
    expect(performance.now() - started).toBeGreaterThan(75)
  })
})
