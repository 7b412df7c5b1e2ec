import type { Statement } from './client.ts'
import { type Asked, admits, counts } from './migrations/usage/admission.ts'

/** Not looked at before the row is locked. */
const present = `coalesce($1::bigint, floor(date_part('epoch', clock_timestamp()) * 1000)::bigint)`

/** The parameters of the one-row statements, from the second on, in the order of `encodeConsume`. */
function parameters(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `$${index + 2}::${index < 3 ? 'text' : 'bigint'}`)
}

function askedIn(list: readonly string[], buckets: number, gates: number): Asked {
  const [customer = '', feature = '', shape = '', version = '', validFrom = '', validUntil = '', amount = ''] = list
  const every = (from: number, count: number): readonly string[] => list.slice(from).filter((_, index) => index % 2 === 0).slice(0, count)
  return {
    present,
    customer,
    feature,
    shape,
    version,
    validFrom,
    validUntil,
    amount,
    requests: list.at(-1) ?? '',
    limits: every(7, buckets),
    keeps: every(8, buckets),
    steps: every(7 + 2 * buckets, gates),
    rooms: every(8 + 2 * buckets, gates),
  }
}

const one: Asked = askedIn(parameters(9), 1, 0)
const several: Asked = askedIn(parameters(18), 3, 2)

/** Parameters as every client sends them: as text. */
function cast(list: readonly string[]): string {
  return list.map((type, index) => `$${index + 1}::text::${type}`).join(', ')
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

/** For one group without keys whose row is as it was: nothing but that row is touched. No row means no answer. */
export const consumeStatement: Statement = {
  name: 'farebox_usage_consume',
  text: `update farebox.usage as u set ${counts(several)} where ${admits(several)}
    returning json_build_array(${present}, u.used, u.reserved, u.arrival, u.arrival_2, u.paid, u.state)::text as answer`,
}

/** As {@link consumeStatement}, for one bucket and no gate. */
export const consumeOneStatement: Statement = {
  name: 'farebox_usage_consume_one',
  text: `update farebox.usage as u set ${counts(one)} where ${admits(one)}
    returning '[' || ${present} || ',' || u.used || ',' || u.reserved || ']' as answer`,
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
