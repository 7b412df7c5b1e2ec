import { type Asked, admits, counts, markerFor, ownArrivals, stateOf } from './admission.ts'

/** Not looked at before the row is locked. */
const present = `coalesce($1, floor(date_part('epoch', clock_timestamp()) * 1000)::bigint)`

/** The present at which row `u` was counted. */
const countedAt = `(u.marker_until - ${markerFor})`

/** How many of the parameters after the first are texts: customer, feature, shape and key. Numbers follow. */
export const textsOfConsume = 4

/** How many parameters `farebox.usage_consume_one` and `farebox.usage_consume` have after the first. */
export const parametersOfOne = 11
export const parametersOfSeveral = 20

function parameters(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from }, (_, index) => `$${from + index}`)
}

/** The parameters after the first, in the order of `encodeConsume`. */
function askedIn(count: number, buckets: number, gates: number): Asked & { readonly key: string; readonly keyFor: string } {
  const [customer = '', feature = '', shape = '', key = '', version = '', validFrom = '', validUntil = '', amount = '', keyFor = '', ...rest] =
    parameters(2, 2 + count)
  const every = (from: number, many: number): readonly string[] => rest.slice(from).filter((_, index) => index % 2 === 0).slice(0, many)
  return {
    present,
    customer,
    feature,
    shape,
    key,
    version,
    validFrom,
    validUntil,
    amount,
    keyFor,
    limits: every(0, buckets),
    keeps: every(1, buckets),
    steps: every(2 * buckets, gates),
    rooms: every(2 * buckets + 1, gates),
    arrivals: ownArrivals,
    requests: rest.at(-1) ?? '',
  }
}

/**
 * Counts in one row. In a function, because what plans it for a connection that was opened while the table was tiny must not
 * read all of it for as long as nobody has it analysed anew.
 */
function consume(name: string, count: number, [buckets, gates]: readonly [number, number], answer: string): string {
  const asked = askedIn(count, buckets, gates)
  const { customer, feature, shape, amount, key, keyFor } = asked
  const types = Array.from({ length: count }, (_, index) => (index < textsOfConsume ? 'text' : 'bigint'))
  return `create or replace function farebox.${name}(bigint, ${types.join(', ')}) returns text
language plpgsql set enable_seqscan = off as $function$
declare
  answer text;
  payer integer;
  counted bigint;
begin
  if ${key} is not null then
    perform from farebox.usage_keys as k where k.customer = ${customer} and k.key = ${key};
    if found then
      return null;
    end if;
  end if;
  update farebox.usage as u set ${counts(asked)} where ${admits(asked)}
    returning ${answer}, u.paid, ${countedAt} into answer, payer, counted;
  if ${key} is not null and answer is not null then
    insert into farebox.usage_keys (until, amount, paid, customer, key, feature, shape)
      values (counted + ${keyFor}, ${amount}, payer, ${customer}, ${key}, ${feature}, ${shape});
  end if;
  return answer;
end
$function$;`
}

/** What clients call to count for one group whose row is as it was, under one key or none. They answer null where it is not. */
export const usageConsume: string = `
${consume('usage_consume_one', parametersOfOne, [1, 0], `'[' || ${countedAt} || ',' || u.used || ',' || u.reserved || ']'`)}

${consume('usage_consume', parametersOfSeveral, [3, 2], `json_build_array(${countedAt}, u.used, u.reserved, u.arrival, u.arrival_2, u.paid, ${stateOf('u')})::text`)}
`
