import type { PostgresJsClient } from '../../src/drivers/postgres/client.ts'
import type { SyncClient } from '../../src/drivers/sqlite/client.ts'
import type { sqliteStore } from '../../src/drivers/sqlite/index.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Store } from '../../src/ports/store.ts'

/** Where counters are kept and how they are reached, in words that another process understands. */
export type StoreAddress =
  | { readonly kind: 'postgres'; readonly client: PostgresName; readonly url: string }
  | { readonly kind: 'redis'; readonly client: RedisName; readonly port: number }
  | ClusterAddress
  | { readonly kind: 'sqlite'; readonly client: SqliteName; readonly file: string }

/** The masters' ports, and by which other ports they are reached where something stands before them. */
interface ClusterAddress {
  readonly kind: 'redis-cluster'
  readonly client: 'ioredis' | 'node-redis'
  readonly ports: readonly number[]
  readonly through?: readonly (readonly [port: number, reachedAt: number])[]
}

/** `Bun.SQL` is there on Bun alone. */
type PostgresName = 'pg' | 'postgres' | 'Bun.SQL'

/** `ioredis at most once` does not send again what was on its way when the connection broke; by itself ioredis does. */
export type RedisName = 'ioredis' | 'ioredis at most once' | 'node-redis'

/** `bun:sqlite` is there on Bun alone. */
export type SqliteName = 'better-sqlite3' | 'libsql' | 'node:sqlite' | '@libsql/client' | 'bun:sqlite'

/** The same counters, over each client. */
export function overEachClient(address: StoreAddress): readonly StoreAddress[] {
  switch (address.kind) {
    case 'postgres':
      return (['pg', 'postgres'] as const).map((client) => ({ ...address, client }))
    case 'redis':
    case 'redis-cluster':
      return (['ioredis', 'node-redis'] as const).map((client) => ({ ...address, client }))
    case 'sqlite':
      return (['better-sqlite3', 'libsql', 'node:sqlite', '@libsql/client'] as const).map((client) => ({ ...address, client }))
    default:
      return address satisfies never
  }
}

/** A client, and one way to run statements that answer nothing. */
interface OpenSqlite {
  readonly client: Parameters<typeof sqliteStore>[0]['client']
  readonly run: (statement: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** A client of the app's own, and stores on it. */
export interface Connection {
  /** With a clock that is not the server's, where a test gives one. */
  readonly storeWith: (clock?: Clock) => Store
  readonly close: () => Promise<void>
}

type Clocked = { readonly clock?: Clock }

function clocked(clock: Clock | undefined): Clocked {
  return clock === undefined ? {} : { clock }
}

export async function connect(address: StoreAddress): Promise<Connection> {
  switch (address.kind) {
    case 'postgres':
      return connectPostgres(address.client, address.url)
    case 'redis':
      return address.client === 'node-redis' ? connectNodeRedis(address.port) : connectIoredis(address.port, address.client === 'ioredis')
    case 'redis-cluster':
      return address.client === 'ioredis' ? connectIoredisCluster(address) : connectNodeRedisCluster(address)
    case 'sqlite':
      return connectSqlite(address)
    default:
      return address satisfies never
  }
}

async function connectPostgres(client: PostgresName, url: string): Promise<Connection> {
  switch (client) {
    case 'pg':
      return connectPg(url)
    case 'postgres':
      return connectPostgresJs(url)
    case 'Bun.SQL':
      return connectBunSql(url)
    default:
      return client satisfies never
  }
}

async function connectBunSql(url: string): Promise<Connection> {
  const { postgresStore } = await import('../../src/drivers/postgres/index.ts')
  const bun: string = 'bun'
  // Bun has it built in, and no package here has its types.
  const { SQL } = (await import(bun)) as { readonly SQL: new (url: string, options: object) => PostgresJsClient & { close(): Promise<void> } }
  const client = new SQL(url, { max: 4 })
  return { storeWith: (clock) => postgresStore({ client, ...clocked(clock) }), close: async () => client.close() }
}

async function connectPg(url: string): Promise<Connection> {
  const { postgresStore } = await import('../../src/drivers/postgres/index.ts')
  const { Pool } = await import('pg')
  const client = new Pool({ connectionString: url, max: 4, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  return { storeWith: (clock) => postgresStore({ client, ...clocked(clock) }), close: async () => client.end() }
}

async function connectPostgresJs(url: string): Promise<Connection> {
  const { postgresStore } = await import('../../src/drivers/postgres/index.ts')
  const { default: postgres } = await import('postgres')
  const client = postgres(url, { max: 4, onnotice: () => undefined, connect_timeout: 5 })
  return { storeWith: (clock) => postgresStore({ client, ...clocked(clock) }), close: async () => client.end({ timeout: 1 }) }
}

async function connectIoredis(port: number, autoResendUnfulfilledCommands: boolean): Promise<Connection> {
  const { redisStore } = await import('../../src/drivers/redis/index.ts')
  const { Redis } = await import('ioredis')
  const client = new Redis({ port, host: '127.0.0.1', autoResendUnfulfilledCommands })
  client.on('error', () => undefined)
  return { storeWith: (clock) => redisStore({ client, ...clocked(clock) }), close: async () => client.disconnect() }
}

async function connectNodeRedis(port: number): Promise<Connection> {
  const { redisStore } = await import('../../src/drivers/redis/index.ts')
  const { createClient } = await import('redis')
  const client = createClient({ url: `redis://127.0.0.1:${port}` })
  client.on('error', () => undefined)
  await client.connect()
  return { storeWith: (clock) => redisStore({ client, ...clocked(clock) }), close: async () => client.destroy() }
}

function at(port: number): { readonly host: string; readonly port: number } {
  return { host: '127.0.0.1', port }
}

function reachedAt({ ports, through = ports.map((port) => [port, port] as const) }: ClusterAddress) {
  return { nodes: through.map(([, port]) => at(port)), map: Object.fromEntries(through.map(([port, to]) => [`127.0.0.1:${port}`, at(to)])) }
}

async function connectIoredisCluster(address: ClusterAddress): Promise<Connection> {
  const { redisStore } = await import('../../src/drivers/redis/index.ts')
  const { Cluster } = await import('ioredis')
  const { nodes, map: natMap } = reachedAt(address)
  const client = new Cluster(nodes, { natMap })
  client.on('error', () => undefined)
  return { storeWith: (clock) => redisStore({ client, ...clocked(clock) }), close: async () => client.disconnect() }
}

async function connectNodeRedisCluster(address: ClusterAddress): Promise<Connection> {
  const { redisStore } = await import('../../src/drivers/redis/index.ts')
  const { createCluster } = await import('redis')
  const { nodes, map: nodeAddressMap } = reachedAt(address)
  const client = createCluster({ rootNodes: nodes.map(({ port }) => ({ url: `redis://127.0.0.1:${port}` })), nodeAddressMap })
  client.on('error', () => undefined)
  await client.connect()
  return { storeWith: (clock) => redisStore({ client, ...clocked(clock) }), close: async () => client.destroy() }
}

async function connectSqlite({ client: name, file }: StoreAddress & { kind: 'sqlite' }): Promise<Connection> {
  const { sqliteStore } = await import('../../src/drivers/sqlite/index.ts')
  const { client, close } = await openSqlite(name, file)
  return { storeWith: (clock) => sqliteStore({ client, ...clocked(clock) }), close }
}

export async function openSqlite(name: SqliteName, file: string): Promise<OpenSqlite> {
  switch (name) {
    case 'better-sqlite3': {
      const { default: Database } = await import('better-sqlite3')
      const client = new Database(file)
      return { client, run: async (statement) => void client.exec(statement), close: async () => void client.close() }
    }
    case 'libsql': {
      const { default: Database } = await import('libsql')
      const client = new Database(file)
      return { client, run: async (statement) => void client.exec(statement), close: async () => void client.close() }
    }
    case 'node:sqlite': {
      const { DatabaseSync } = await import('node:sqlite')
      const client = new DatabaseSync(file)
      return { client, run: async (statement) => client.exec(statement), close: async () => client.close() }
    }
    case 'bun:sqlite': {
      // Bun has it built in, and no package here has its types.
      const { Database } = (await import(name)) as { readonly Database: new (file: string) => SyncClient & { close(): void } }
      const client = new Database(file)
      return { client, run: async (statement) => void client.exec(statement), close: async () => client.close() }
    }
    case '@libsql/client': {
      const { createClient } = await import('@libsql/client')
      const client = createClient({ url: `file:${file}` })
      return { client, run: async (statement) => void (await client.execute(statement)), close: async () => client.close() }
    }
    default:
      return name satisfies never
  }
}
