import { availableParallelism } from 'node:os'
import { argv, env, exit, stderr, stdout, version } from 'node:process'
import { gateGroups } from './groups/gate.ts'
import { memoryGroups } from './groups/memory.ts'
import { tokenGroups } from './groups/tokens.ts'
import { webhookGroups } from './groups/webhooks.ts'
import { type Plan, compare } from './harness/compare.ts'
import { tableOf } from './harness/report.ts'
import type { Group } from './harness/variant.ts'

const groupsByName: Readonly<Record<string, () => AsyncGenerator<Group>>> = {
  memory: memoryGroups,
  tokens: tokenGroups,
  webhooks: webhookGroups,
  gate: gateGroups,
}

const plan: Plan = { rounds: wholeNumber('ROUNDS', 5), milliseconds: wholeNumber('MS', 200) }

const chosen = argv.length > 2 ? argv.slice(2) : Object.keys(groupsByName)
const makers = chosen.map((name) => groupsByName[name] ?? stopAt(name))

stdout.write(`Node ${version}, ${availableParallelism()} cores, ${plan.rounds} rounds of ${plan.milliseconds} ms\n\n`)
for (const make of makers) {
  for await (const group of make()) {
    const rows = await compare(group, plan)
    await group.close?.()
    stdout.write(`${tableOf(group.title, rows)}\n`)
  }
}
exit(0)

function stopAt(name: string): never {
  stderr.write(`There is no group ${name}. There are: ${Object.keys(groupsByName).join(', ')}.\n`)
  return exit(2)
}

function wholeNumber(name: string, usual: number): number {
  const value = Number(env[name] ?? usual)
  if (Number.isSafeInteger(value) && value > 0) return value
  stderr.write(`Give ${name} as a whole number above 0.\n`)
  return exit(2)
}
