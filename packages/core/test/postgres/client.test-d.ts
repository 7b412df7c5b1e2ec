import type { PGlite } from '@electric-sql/pglite'
import type pg from 'pg'
import type postgres from 'postgres'
import { expectTypeOf, test } from 'vitest'
import type { PostgresClient } from '../../src/drivers/postgres/client.ts'

test('the clients fit as they are', () => {
  expectTypeOf<pg.Pool>().toExtend<PostgresClient>()
  expectTypeOf<pg.Client>().toExtend<PostgresClient>()
  expectTypeOf<pg.PoolClient>().toExtend<PostgresClient>()
  expectTypeOf<PGlite>().toExtend<PostgresClient>()
  expectTypeOf<ReturnType<typeof postgres>>().toExtend<PostgresClient>()
})

test('a client of another database does not fit', () => {
  expectTypeOf<{ prepare(text: string): unknown }>().not.toExtend<PostgresClient>()
})
