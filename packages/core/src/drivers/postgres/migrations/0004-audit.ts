import { type Migration, createMigration } from './migration.ts'

/** Finds customers by their e-mail address, and what an audit need no longer tell. */
export const auditMigration: Migration = createMigration(4, 'audit', `
create index records_customers_email_key on farebox.records ((indexed -> 'emailKey'), customer, id)
  where collection = 'customers' and indexed -> 'emailKey' is not null;
create index records_audit_keep_until on farebox.records ((indexed -> 'keepUntil'), customer, id)
  where collection = 'audit' and indexed -> 'keepUntil' is not null;
`)
