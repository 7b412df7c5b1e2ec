import type { Statement } from './client.ts'
import { type Asked, admits, counts } from './migrations/usage/admission.ts'

/** Not looked at before the row is locked. */
const present = `coalesce($1::text::bigint, floor(date_part('epoch', clock_timestamp()) * 1000)::bigint)`

function parameter(index: number, type: string): string {
  return `$${index}::text::${type}`
}

const asked: Asked = {
  present,
  customer: '$2::text',
  feature: '$3::text',
  shape: '$4::text',
  version: parameter(5, 'bigint'),
  validFrom: parameter(6, 'bigint'),
  validUntil: parameter(7, 'bigint'),
  amount: parameter(8, 'bigint'),
  requests: parameter(9, 'bigint'),
  limits: [parameter(10, 'bigint'), parameter(12, 'bigint'), parameter(14, 'bigint')],
  keeps: [parameter(11, 'bigint'), parameter(13, 'bigint'), parameter(15, 'bigint')],
  steps: [parameter(16, 'bigint'), parameter(18, 'bigint')],
  rooms: [parameter(17, 'bigint'), parameter(19, 'bigint')],
}

const types: readonly string[] = [
  ...['bigint', 'boolean', 'text[]', 'text[]', 'text[]', 'bigint[]', 'boolean[]', 'bigint[]', 'bigint[]', 'bigint[]', 'bigint[]'],
  ...['bigint[]', 'bigint[]', 'bigint[]', 'bigint[]', 'bigint[]', 'bigint[]', 'bigint[]', 'bigint[]', 'bigint[]', 'bigint[]'],
  ...['integer[]', 'bigint[]', 'bigint[]', 'text[]', 'bigint[]', 'jsonb'],
]

export const executeStatement: Statement = {
  name: 'farebox_usage_execute',
  text: `select farebox.usage_execute(${types.map((type, index) => `$${index + 1}::text::${type}`).join(', ')}) as answer`,
}

/** For one consumption without a key, whose row is as it was: nothing but that row is touched. No row means no answer. */
export const consumeStatement: Statement = {
  name: 'farebox_usage_consume',
  text: `update farebox.usage as u set ${counts(asked)}
    where ${admits(asked)}
    returning json_build_array(${present}, u.used, u.reserved, u.arrival, u.arrival_2, u.paid, u.state)::text as answer`,
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
