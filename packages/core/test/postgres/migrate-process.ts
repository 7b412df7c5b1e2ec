import { once } from 'node:events'
import pg from 'pg'
import { migrate } from '@farebox/core/drivers/postgres'

// A process that starts up: waits for a line, so that several begin together, migrates, and says what it did.
const pool = new pg.Pool({ connectionString: process.argv[2] })
await pool.query('select 1')
process.stdout.write('ready\n')
await once(process.stdin, 'data')
process.stdout.write(`${JSON.stringify(await migrate(pool))}\n`)
await pool.end()
process.stdin.destroy()
