import { recordsMigration } from './0001-records.ts'
import type { Migration } from './migration.ts'

/** Every migration, in the order of versions. */
export const migrations: readonly Migration[] = [recordsMigration]
