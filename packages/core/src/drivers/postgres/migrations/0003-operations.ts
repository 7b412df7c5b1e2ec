import { type Migration, createMigration } from './migration.ts'
import { createRecordIndex } from './record-row.ts'

/** Finds the operations that were left halfway. */
export const operationsMigration: Migration = createMigration(3, 'operations', createRecordIndex('operations', 'due_at', 'dueAt'))
