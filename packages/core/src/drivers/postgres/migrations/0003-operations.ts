import { type Migration, createMigration } from './migration.ts'

/** Finds the operations that were left halfway. */
export const operationsMigration: Migration = createMigration(3, 'operations', `
create index records_operations_due_at on farebox.records ((indexed -> 'dueAt'), customer, id)
  where collection = 'operations' and indexed -> 'dueAt' is not null;
`)
