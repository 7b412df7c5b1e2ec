import { type Migration, createMigration } from './migration.ts'
import { usageTables } from './usage/tables.ts'

/** Counters, gates, markers, idempotency keys and reservations. The functions that keep their rules come with a later migration. */
export const usageMigration: Migration = createMigration(2, 'usage', usageTables)
