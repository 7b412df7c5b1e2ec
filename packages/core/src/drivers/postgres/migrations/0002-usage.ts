import { type Migration, createMigration } from './migration.ts'
import { usageConsume } from './usage/consume.ts'
import { usageCount } from './usage/count.ts'
import { usageCounters } from './usage/counters.ts'
import { usageExecute } from './usage/execute.ts'
import { usageHousekeeping } from './usage/housekeeping.ts'
import { usageReservations } from './usage/reservations.ts'
import { usageTables } from './usage/tables.ts'
import { usageTake } from './usage/take.ts'

const parts: readonly string[] = [usageTables, usageCounters, usageReservations, usageTake, usageConsume, usageCount, usageExecute, usageHousekeeping]

/** Counters, gates, markers, idempotency keys and reservations, and the functions that keep their rules. */
export const usageMigration: Migration = createMigration(2, 'usage', parts.map((part) => part.trim()).join('\n\n'))
