import { type Migration, createMigration, revokeFunctions } from './migration.ts'
import { usageTables } from './usage/tables.ts'
import { usageCounters } from './usage/counters.ts'
import { usageReservations } from './usage/reservations.ts'
import { usageHousekeeping } from './usage/housekeeping.ts'
import { usageTake } from './usage/take.ts'
import { usageConsume } from './usage/consume.ts'
import { usageCount } from './usage/count.ts'
import { usageExecute } from './usage/execute.ts'

/** In this order, which is that of the modules, what is alike stands close by and is compressed best. */
const parts: readonly string[] = [
  usageTables,
  usageCounters,
  usageReservations,
  usageHousekeeping,
  usageTake,
  usageConsume,
  usageCount,
  usageExecute,
  revokeFunctions,
]

/** Counters, gates, markers, idempotency keys and reservations, and the functions that keep their rules. */
export const usageMigration: Migration = createMigration(2, 'usage', parts.map((part) => part.trim()).join('\n\n'))
