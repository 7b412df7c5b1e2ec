import { type Asked, admits, counts } from './admission.ts'

/** Not looked at before the row is locked. */
const present = `coalesce($1, floor(date_part('epoch', clock_timestamp()) * 1000)::bigint)`

/** The types of the parameters after the first: customer, feature and shape, then numbers. */
function types(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => (index < 3 ? 'text' : 'bigint'))
}

/** The parameters after the first, in the order of `encodeConsume`. */
function askedIn(count: number, buckets: number, gates: number): Asked {
  const list = types(count).map((_, index) => `$${index + 2}`)
  const [customer = '', feature = '', shape = '', version = '', validFrom = '', validUntil = '', amount = ''] = list
  const every = (from: number, many: number): readonly string[] => list.slice(from).filter((_, index) => index % 2 === 0).slice(0, many)
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

/** How many parameters `farebox.usage_consume_one` and `farebox.usage_consume` have after the first. */
export const parametersOfOne = 9
export const parametersOfSeveral = 18

/**
 * Counts in one row. In a function, because what plans it for a connection that was opened while the table was tiny must not
 * read all of it for as long as nobody has it analysed anew.
 */
function consume(name: string, parameters: number, asked: Asked, answer: string): string {
  return `create function farebox.${name}(bigint, ${types(parameters).join(', ')}) returns text
language plpgsql set enable_seqscan = off as $function$
declare
  answer text;
begin
  update farebox.usage as u set ${counts(asked)} where ${admits(asked)}
    returning ${answer} into answer;
  return answer;
end
$function$;`
}

const one = askedIn(parametersOfOne, 1, 0)
const several = askedIn(parametersOfSeveral, 3, 2)

/** What clients call to count for one group without keys whose row is as it was. They answer null where it is not. */
export const usageConsume: string = `
${consume('usage_consume_one', parametersOfOne, one, `'[' || ${present} || ',' || u.used || ',' || u.reserved || ']'`)}

${consume(
  'usage_consume',
  parametersOfSeveral,
  several,
  `json_build_array(${present}, u.used, u.reserved, u.arrival, u.arrival_2, u.paid, u.state)::text`,
)}
`
