import { randomUUID } from 'node:crypto'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import postgres from 'postgres'
import { inject } from 'vitest'
import type { PostgresClient } from '../../src/drivers/postgres/client.ts'

/** A client to try, and how to let go of it. */
export interface OpenClient {
  readonly client: PostgresClient
  readonly close: () => Promise<void>
}

/** A database of one test file. */
export interface Database {
  readonly url: string
  readonly drop: () => Promise<void>
}

/** An empty database on the server that the run shares. */
export async function createDatabase(): Promise<Database> {
  const shared = inject('postgresUrl')
  if (shared === null) throw new Error('This machine has no PostgreSQL for tests')
  const name = `farebox_${randomUUID().replaceAll('-', '')}`
  await administer(shared, `create database ${name}`)
  const url = new URL(shared)
  url.pathname = name
  return { url: url.href, drop: async () => administer(shared, `drop database ${name} with (force)`) }
}

/** Runs statements on a connection of their own. */
export async function administer(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

export function openPool(url: string, options: pg.PoolConfig = {}): OpenClient & { readonly client: pg.Pool } {
  const client = new pg.Pool({ connectionString: url, ...options })
  // Connections that a test ends are the test's affair.
  client.on('error', () => undefined)
  return { client, close: async () => client.end() }
}

export function openPostgresJs(url: string): OpenClient {
  const client = postgres(url, { onnotice: () => undefined })
  return { client, close: async () => client.end() }
}

/** Each query on a connection of its own, as over HTTP: nothing of a session outlives it. */
export function openOneShot(url: string): OpenClient {
  const client = {
    async query(text: string, values: unknown[]): Promise<readonly unknown[]> {
      const connection = new pg.Client({ connectionString: url })
      await connection.connect()
      try {
        // The extended protocol takes one statement a query, as Neon does over HTTP.
        return (await connection.query({ text, values, queryMode: 'extended' } as pg.QueryConfig)).rows
      } finally {
        await connection.end()
      }
    },
  }
  return { client, close: async () => undefined }
}

async function openPglite(): Promise<OpenClient> {
  const client = await PGlite.create()
  return { client, close: async () => client.close() }
}

/** Every kind of client that is taken; PGlite is a database of its own. */
export const clientKinds: readonly { readonly kind: string; readonly open: (url: string) => OpenClient | Promise<OpenClient> }[] = [
  { kind: 'pg', open: openPool },
  { kind: 'postgres', open: openPostgresJs },
  { kind: 'PGlite', open: openPglite },
  { kind: 'one-shot, as Neon over HTTP', open: openOneShot },
]
