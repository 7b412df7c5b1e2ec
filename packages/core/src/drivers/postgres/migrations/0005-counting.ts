import { type Migration, createMigration, revokeFunctions } from './migration.ts'
import { usageCounters } from './usage/counters.ts'
import { usageReservations } from './usage/reservations.ts'
import { usageHousekeeping } from './usage/housekeeping.ts'
import { usageTake } from './usage/take.ts'
import { usageHold } from './usage/hold.ts'
import { usageConsume } from './usage/consume.ts'
import { usageCount } from './usage/count.ts'
import { usageExecute } from './usage/execute.ts'

/** In this order, which is that of the modules, what is alike stands close by and is compressed best. */
const parts: readonly string[] = [
  usageCounters,
  usageReservations,
  usageHousekeeping,
  usageTake,
  usageHold,
  usageConsume,
  usageCount,
  usageExecute,
  revokeFunctions,
]

/** The functions that keep the rules of counting, whole: those of an earlier version are replaced. */
export const countingMigration: Migration = createMigration(5, 'counting', parts.map((part) => part.trim()).join('\n\n'))
