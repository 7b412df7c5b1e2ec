import type { Statement } from './client.ts'
import { parametersOfOne, parametersOfSeveral, textsOfConsume } from './migrations/usage/consume.ts'
import { columns as countColumns } from './migrations/usage/count.ts'
import { columns as executeColumns } from './migrations/usage/execute.ts'
import { typesOf } from './migrations/usage/lists.ts'

/** Calls a function, with parameters as every client sends them: as text. */
function callOf(name: string, ...types: readonly string[]): Statement {
  return {
    name: `farebox_${name}`,
    text: `select farebox.${name}(${types.map((type, index) => `$${index + 1}::text::${type}`).join(', ')})::text as answer`,
  }
}

/** Calls a function that counts in one row. */
function consumeOf(name: string, count: number): Statement {
  const rest = Array.from({ length: count }, (_, index) => `$${index + 2}::${index < textsOfConsume ? 'text' : 'bigint'}`)
  return { name: `farebox_${name}`, text: `select farebox.${name}($1::bigint, ${rest.join(', ')}) as answer` }
}

const takeTypes: readonly string[] = ['integer[]', 'bigint[]', 'text[]', 'bigint[]']

export const executeStatement: Statement =
  callOf('usage_execute', 'bigint', 'boolean', ...typesOf(executeColumns), ...takeTypes, 'bigint[]', 'jsonb')

/** For groups of one bucket and no gate. `null` means that nothing was done. */
export const countStatement: Statement = callOf('usage_count', 'bigint', ...typesOf(countColumns), 'bigint', 'bigint', ...takeTypes)

/** For one group whose row is as it was, without a key or with one of its own. `null` means that nothing was done. */
export const consumeStatement: Statement = consumeOf('usage_consume', parametersOfSeveral)

/** As {@link consumeStatement}, for one bucket and no gate. */
export const consumeOneStatement: Statement = consumeOf('usage_consume_one', parametersOfOne)

/** For reservations without a key, and what settles some, in rows that are as they were. `null` means that nothing was done. */
export const holdStatement: Statement = callOf('usage_hold', 'bigint', 'jsonb')

export const readStatement: Statement = callOf('usage_read', 'bigint', 'jsonb')

export const historyStatement: Statement = callOf('usage_past', 'bigint', 'text', 'text', 'bigint', 'bigint')

export const raiseVersionStatement: Statement = callOf('usage_raise_version', 'bigint', 'text', 'bigint')

export const sweepStatement: Statement = callOf('usage_sweep', 'bigint', 'text', 'text', 'integer')

export const forgetStatement: Statement = callOf('usage_forget', 'text')
