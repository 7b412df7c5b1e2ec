import { recordsMigration } from './0001-records.ts'
import { usageMigration } from './0002-usage.ts'
import { operationsMigration } from './0003-operations.ts'
import { auditMigration } from './0004-audit.ts'
import { countingMigration } from './0005-counting.ts'
import type { Migration } from './migration.ts'

/** Every migration, in the order of versions. */
export const migrations: readonly Migration[] = [recordsMigration, usageMigration, operationsMigration, auditMigration, countingMigration]
