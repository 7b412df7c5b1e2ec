import { availableParallelism } from 'node:os'
import { argv, env, exit, stderr, stdout, version } from 'node:process'
import { gateGroups } from './groups/gate.ts'
import { growthTables } from './growth/growth.ts'
import { ingestionGroups } from './groups/ingestion.ts'
import { leaseGroups } from './groups/leases.ts'
import { memoryGroups } from './groups/memory.ts'
import { postgresGroups } from './groups/postgres.ts'
import { redisGroups } from './groups/redis.ts'
import { sqliteGroups } from './groups/sqlite.ts'
import { tokenGroups } from './groups/tokens.ts'
import { webhookGroups } from './groups/webhooks.ts'
import { type Plan, compare } from './harness/compare.ts'
import { tableOf } from './harness/report.ts'
import type { Group } from './harness/variant.ts'
import { renewalTables } from './simulator/renewals.ts'

const groupsByName: Readonly<Record<string, () => AsyncGenerator<Group>>> = {
  memory: memoryGroups,
  tokens: tokenGroups,
  webhooks: webhookGroups,
  ingestion: ingestionGroups,
  gate: gateGroups,
  redis: redisGroups,
  postgres: postgresGroups,
  sqlite: sqliteGroups,
  leases: leaseGroups,
}

const plan: Plan = { rounds: wholeNumber('ROUNDS', 5), milliseconds: wholeNumber('MS', 200) }

/** Of customers, where stores are shown to grow. */
const sizes = (env['SIZES'] ?? '1000,100000').split(',').map(Number)

const reports: Readonly<Record<string, () => AsyncGenerator<string>>> = {
  ...Object.fromEntries(Object.entries(groupsByName).map(([name, make]) => [name, () => tablesOf(make)])),
  growth: () => growthTables(sizes, 10 * plan.milliseconds),
  simulator: () => renewalTables(plan.rounds),
}

const chosen = argv.length > 2 ? argv.slice(2) : Object.keys(groupsByName)
const makers = chosen.map((name) => reports[name] ?? stopAt(name))

stdout.write(`Node ${version}, ${availableParallelism()} cores, ${plan.rounds} rounds of ${plan.milliseconds} ms\n\n`)
for (const make of makers) {
  for await (const table of make()) stdout.write(`${table}\n`)
}
exit(0)

async function* tablesOf(make: () => AsyncGenerator<Group>): AsyncGenerator<string> {
  for await (const group of make()) {
    const rows = await compare(group, plan)
    await group.close?.()
    yield tableOf(group.title, rows)
  }
}

function stopAt(name: string): never {
  stderr.write(`There is no group ${name}. There are: ${Object.keys(reports).join(', ')}.\n`)
  return exit(2)
}

function wholeNumber(name: string, usual: number): number {
  const value = Number(env[name] ?? usual)
  if (Number.isSafeInteger(value) && value > 0) return value
  stderr.write(`Give ${name} as a whole number above 0.\n`)
  return exit(2)
}
