import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { inject } from 'vitest'
import { type FaultyProxy, startProxy } from '../../../../tools/servers/proxy.mjs'
import { memoryStore } from '../../src/drivers/memory/index.ts'
import { migrate, postgresStore } from '../../src/drivers/postgres/index.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Store } from '../../src/ports/store.ts'
import { type Connection, type RedisName, type SqliteName, type StoreAddress, connect } from './store-address.ts'

/** A place of its own for counters, empty at first. */
export interface Place extends Connection {
  /** How other processes reach the same counters; `null` where they cannot. */
  readonly address: StoreAddress | null
  readonly hasRecords: boolean
}

/** One store over one client, for tests that any store must pass. */
export interface StoreHarness {
  readonly name: string
  /** The driver's name in its import path. */
  readonly store: string
  /** What it runs over, as a reader would call it. */
  readonly client: string
  readonly hasRecords: boolean
  /** Why it cannot be tried on this machine, or `null`. */
  readonly skipped: string | null
  /** How much slower than in this process a call is, about: tests that count calls take so much fewer. */
  readonly cost: number
  readonly open: () => Promise<Place>
}

/** A store on a server of which the network may fail. */
export interface NetworkHarness {
  readonly name: string
  readonly skipped: string | null
  readonly openThroughProxy: () => Promise<{ readonly proxy: FaultyProxy; readonly place: Place }>
}

const postgresUrl = inject('postgresUrl')
const redisUrl = inject('redisUrl')
const clusterPorts = inject('redisClusterPorts')
const noRedis = redisUrl === null ? 'there is no redis-server on this machine' : null

const memory: StoreHarness = {
  name: 'memory',
  store: 'memory',
  client: '',
  hasRecords: true,
  skipped: null,
  cost: 1,
  async open() {
    return { address: null, hasRecords: true, storeWith: memoryStoreWith, close: async () => undefined }
  },
}

function memoryStoreWith(clock?: Clock): Store {
  return memoryStore(clock === undefined ? {} : { clock })
}

const pglite: StoreHarness = {
  name: 'postgres over PGlite',
  store: 'postgres',
  client: 'PGlite',
  hasRecords: true,
  skipped: null,
  cost: 20,
  async open() {
    const client = await PGlite.create()
    await migrate(client)
    const storeWith = (clock?: Clock) => postgresStore({ client, ...(clock !== undefined && { clock }) })
    return { address: null, hasRecords: true, storeWith, close: async () => client.close() }
  },
}

/** Every store that another process reaches too, over its first client. */
export const sharedHarnesses: readonly StoreHarness[] = [
  postgresHarness('pg'),
  redisHarness('ioredis'),
  clusterHarness('ioredis'),
  sqliteHarness('better-sqlite3'),
]

/** Every store, over every client. */
export const storeHarnesses: readonly StoreHarness[] = [
  memory,
  ...sharedHarnesses,
  postgresHarness('postgres'),
  pglite,
  redisHarness('node-redis'),
  clusterHarness('node-redis'),
  sqliteHarness('libsql'),
  sqliteHarness('node:sqlite'),
  sqliteHarness('@libsql/client'),
]

export const networkHarnesses: readonly NetworkHarness[] = [
  postgresNetwork('pg'),
  postgresNetwork('postgres'),
  redisNetwork('ioredis'),
  redisNetwork('ioredis at most once'),
  redisNetwork('node-redis'),
  clusterNetwork('ioredis'),
  clusterNetwork('node-redis'),
]

/** An empty database of its own, with Farebox's tables in it, and how to be rid of it. */
export async function createMigratedDatabase(server: string): Promise<{ readonly url: string; readonly remove: () => Promise<void> }> {
  const name = `farebox_${crypto.randomUUID().replaceAll('-', '')}`
  const url = new URL(server)
  url.pathname = `/${name}`
  await withClient(server, async (client) => client.query(`create database ${name} strategy file_copy`))
  await withClient(url.href, migrate)
  const remove = async (): Promise<void> => withClient(server, async (client) => client.query(`drop database ${name} with (force)`))
  return { url: url.href, remove }
}

async function withClient(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

function postgresHarness(client: 'pg' | 'postgres'): StoreHarness {
  return {
    name: `postgres over ${client}`,
    store: 'postgres',
    client,
    hasRecords: true,
    skipped: null,
    cost: 20,
    async open() {
      const { url, remove } = await createMigratedDatabase(postgresUrl ?? '')
      return openPlace({ kind: 'postgres', client, url }, remove)
    },
  }
}

/** Stores share the server: every test has customers that nobody else knows. */
function redisHarness(client: 'ioredis' | 'node-redis'): StoreHarness {
  const kind = { store: 'redis', client, hasRecords: false, skipped: noRedis, cost: 8 }
  return { name: `redis over ${client}`, ...kind, open: async () => openPlace({ kind: 'redis', client, port: portOf(redisUrl) }) }
}

function clusterHarness(client: 'ioredis' | 'node-redis'): StoreHarness {
  const kind = { store: 'redis', client: `${client} on a cluster`, hasRecords: false, skipped: noRedis, cost: 10 }
  const open = async (): Promise<Place> => openPlace({ kind: 'redis-cluster', client, ports: clusterPorts ?? [] })
  return { name: `redis cluster over ${client}`, ...kind, open }
}

function sqliteHarness(client: SqliteName): StoreHarness {
  return {
    name: `sqlite over ${client}`,
    store: 'sqlite',
    client,
    hasRecords: true,
    skipped: null,
    cost: 8,
    async open() {
      const folder = await mkdtemp(join(tmpdir(), 'farebox-sqlite-'))
      const remove = async (): Promise<void> => rm(folder, { recursive: true, force: true })
      return openPlace({ kind: 'sqlite', client, file: join(folder, 'usage.db') }, remove)
    },
  }
}

function postgresNetwork(client: 'pg' | 'postgres'): NetworkHarness {
  return {
    name: `postgres over ${client}`,
    skipped: null,
    async openThroughProxy() {
      const { url, remove } = await createMigratedDatabase(postgresUrl ?? '')
      const proxy = await startProxy(portOf(url))
      const through = new URL(url)
      through.port = String(proxy.port)
      return { proxy, place: await openPlace({ kind: 'postgres', client, url: through.href }, remove) }
    },
  }
}

function redisNetwork(client: RedisName): NetworkHarness {
  return {
    name: `redis over ${client}`,
    skipped: noRedis,
    async openThroughProxy() {
      const proxy = await startProxy(portOf(redisUrl))
      return { proxy, place: await openPlace({ kind: 'redis', client, port: proxy.port }) }
    },
  }
}

/** Every master behind a proxy of its own; the client is told where to find them. */
function clusterNetwork(client: 'ioredis' | 'node-redis'): NetworkHarness {
  return {
    name: `redis cluster over ${client}`,
    skipped: noRedis,
    async openThroughProxy() {
      const ports = clusterPorts ?? []
      const proxies = await Promise.all(ports.map((port) => startProxy(port)))
      const through = ports.map((port, index) => [port, proxies[index]?.port ?? 0] as const)
      return { proxy: allOf(proxies), place: await openPlace({ kind: 'redis-cluster', client, ports, through }) }
    },
  }
}

function allOf(proxies: readonly FaultyProxy[]): FaultyProxy {
  const each = (work: (proxy: FaultyProxy) => void) => () => proxies.forEach(work)
  return {
    port: proxies[0]?.port ?? 0,
    cut: each((proxy) => proxy.cut()),
    heal: each((proxy) => proxy.heal()),
    blackHole: (what) => proxies.forEach((proxy) => proxy.blackHole(what)),
    slow: (milliseconds) => proxies.forEach((proxy) => proxy.slow(milliseconds)),
    connections: () => proxies.reduce((sum, proxy) => sum + proxy.connections(), 0),
    close: async () => void (await Promise.all(proxies.map(async (proxy) => proxy.close()))),
  }
}

function portOf(url: string | null): number {
  if (url === null) throw new Error('The server was not started')
  return Number(new URL(url).port)
}

async function openPlace(address: StoreAddress, remove: () => Promise<void> = async () => undefined): Promise<Place> {
  const connection = await connect(address)
  return {
    ...connection,
    address,
    hasRecords: !address.kind.startsWith('redis'),
    async close() {
      await connection.close()
      await remove()
    },
  }
}
