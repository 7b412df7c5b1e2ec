import type { Statement } from './client.ts'

const types: readonly string[] = [
  ...['bigint', 'boolean', 'text[]', 'text[]', 'text[]', 'bigint[]', 'boolean[]', 'bigint[]', 'bigint[]', 'bigint[]', 'bigint[]'],
  ...['bigint[]', 'bigint[]', 'bigint[]', 'bigint[]', 'bigint[]', 'bigint[]', 'bigint[]', 'bigint[]', 'bigint[]', 'bigint[]'],
  ...['integer[]', 'bigint[]', 'bigint[]', 'text[]', 'bigint[]', 'jsonb'],
]

export const executeStatement: Statement = {
  name: 'farebox_usage_execute',
  text: `select farebox.usage_execute(${types.map((type, index) => `$${index + 1}::text::${type}`).join(', ')}) as answer`,
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
