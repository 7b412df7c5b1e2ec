import { randomUUID } from 'node:crypto'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { findFreePort } from '../../../tools/servers/server-process.mjs'
import { runMain } from './run-main.ts'

const shared = inject('postgresUrl')
const name = `example_${randomUUID().replaceAll('-', '')}`

async function administer(url: string, statement: string): Promise<readonly unknown[]> {
  const pool = new Pool({ connectionString: url, max: 1 })
  try {
    return (await pool.query(statement)).rows
  } finally {
    await pool.end()
  }
}

beforeAll(async () => {
  if (shared !== null) await administer(shared, `create database ${name}`)
})

afterAll(async () => {
  if (shared !== null) await administer(shared, `drop database ${name} with (force)`)
})

// skipped: this machine has no PostgreSQL for tests
describe.skipIf(shared === null)('the example on Postgres', () => {
  test('the tour goes the same way on Postgres, and what it counted and recorded is there afterwards', async () => {
    const url = new URL(shared ?? '')
    url.pathname = name
    const ports = { PORT: String(await findFreePort()), STRIPE_SIMULATOR_PORT: String(await findFreePort()) }

    const { code, output } = await runMain(['--tour', '--json'], { FAREBOX_DEV: '1', DATABASE_URL: url.href, ...ports })

    const tour = JSON.parse(output) as { steps: { title: string; isAsPromised: boolean }[] }
    expect(tour.steps.filter((step) => !step.isAsPromised)).toEqual([])
    expect([code, tour.steps.length]).toEqual([0, 9])
    expect(await administer(url.href, "select collection from farebox.records where collection = 'subscriptions'")).toHaveLength(1)
    expect(await administer(url.href, "select feature from farebox.usage where feature = 'apiCalls'")).toHaveLength(1)
  })

  test('a database that cannot be reached is said at the start, without its URL', async () => {
    const ports = { PORT: String(await findFreePort()), STRIPE_SIMULATOR_PORT: String(await findFreePort()) }
    const databaseUrl = `postgres://canary:canary@127.0.0.1:${await findFreePort()}/none`

    const { code, output, errors } = await runMain([], { FAREBOX_DEV: '1', DATABASE_URL: databaseUrl, ...ports })

    expect(code).toBe(1)
    expect(output + errors).not.toContain('canary')
    expect(errors).not.toBe('')
  })
})
