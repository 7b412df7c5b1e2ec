import { type Migration, createMigration } from './migration.ts'
import { createRecordIndex } from './record-row.ts'

/** Finds customers by their e-mail address, and what an audit need no longer tell. */
export const auditMigration: Migration = createMigration(4, 'audit', `
${createRecordIndex('customers', 'email_key', 'emailKey')}
${createRecordIndex('audit', 'keep_until', 'keepUntil')}
`)
