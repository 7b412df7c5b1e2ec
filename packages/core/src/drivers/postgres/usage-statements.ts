import type { Statement } from './client.ts'
import { parametersOfOne, parametersOfSeveral, textsOfConsume } from './migrations/usage/consume.ts'

/** Parameters as every client sends them: as text. */
function cast(list: readonly string[]): string {
  return list.map((type, index) => `$${index + 1}::text::${type}`).join(', ')
}

/** The parameters of the functions that count in one row, from the second on. */
function consumed(count: number): string {
  return Array.from({ length: count }, (_, index) => `$${index + 2}::${index < textsOfConsume ? 'text' : 'bigint'}`).join(', ')
}

/** Of the parameters of `farebox.usage_execute`. */
const types: readonly string[] = [
  ...'bigint boolean text[] text[] text[] bigint[] boolean[]'.split(' '),
  ...Array.from({ length: 14 }, () => 'bigint[]'),
  ...'integer[] bigint[] text[] bigint[] bigint[] jsonb'.split(' '),
]

export const executeStatement: Statement = {
  name: 'farebox_usage_execute',
  text: `select farebox.usage_execute(${cast(types)}) as answer`,
}

const countTypes: readonly string[] = [
  ...'bigint text[] text[] text[] bigint[] bigint[] bigint[] bigint[] bigint bigint'.split(' '),
  ...'integer[] bigint[] text[] bigint[]'.split(' '),
]

/** For groups of one bucket and no gate. `null` means that nothing was done. */
export const countStatement: Statement = {
  name: 'farebox_usage_count',
  text: `select farebox.usage_count(${cast(countTypes)}) as answer`,
}

/** For one group whose row is as it was, without a key or with one of its own. `null` means that nothing was done. */
export const consumeStatement: Statement = {
  name: 'farebox_usage_consume',
  text: `select farebox.usage_consume($1::bigint, ${consumed(parametersOfSeveral)}) as answer`,
}

/** As {@link consumeStatement}, for one bucket and no gate. */
export const consumeOneStatement: Statement = {
  name: 'farebox_usage_consume_one',
  text: `select farebox.usage_consume_one($1::bigint, ${consumed(parametersOfOne)}) as answer`,
}

export const readStatement: Statement = {
  name: 'farebox_usage_read',
  text: 'select farebox.usage_read($1::text::bigint, $2::text::jsonb) as answer',
}

export const historyStatement: Statement = {
  name: 'farebox_usage_past',
  text: 'select farebox.usage_past($1::text::bigint, $2::text, $3::text, $4::text::bigint, $5::text::bigint) as answer',
}

export const raiseVersionStatement: Statement = {
  name: 'farebox_usage_raise_version',
  text: `select farebox.usage_raise_version($1::text::bigint, $2::text, $3::text::bigint)::text as answer`,
}

export const sweepStatement: Statement = {
  name: 'farebox_usage_sweep',
  text: 'select farebox.usage_sweep($1::text::bigint, $2::text, $3::text, $4::text::integer) as answer',
}

export const forgetStatement: Statement = {
  name: 'farebox_usage_forget',
  text: 'select farebox.usage_forget($1::text)::text as answer',
}
