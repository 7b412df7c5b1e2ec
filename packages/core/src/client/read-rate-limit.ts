/** What one metered response says of one feature's allowance. */
export interface AllowanceReading {
  readonly feature: string
  readonly limit: number
  readonly remaining: number
}

const item = /"([^"\\]*)"((?:;\w+=(?:"[^"\\]*"|\d+))*)/g

/**
 * The allowances in `RateLimit` and `RateLimit-Policy`. An allowance is named like its feature and has a quota unit;
 * gates have none and are left out. Never throws: what cannot be read is left out too. Reads the part of RFC 9651 that
 * draft-ietf-httpapi-ratelimit-headers needs: lists of strings with integer or string parameters.
 */
export function readRateLimit(headers: Headers): readonly AllowanceReading[] {
  const states = parametersOf(headers.get('ratelimit'))
  return [...parametersOf(headers.get('ratelimit-policy'))].flatMap(([feature, policy]) => {
    const limit = countIn(policy, 'q')
    const remaining = countIn(states.get(feature) ?? '', 'r')
    return limit === undefined || remaining === undefined || !policy.includes(';qu=') ? [] : [{ feature, limit, remaining }]
  })
}

function parametersOf(field: string | null): ReadonlyMap<string, string> {
  return new Map([...(field ?? '').matchAll(item)].map(([, name = '', parameters = '']) => [name, parameters]))
}

function countIn(parameters: string, key: string): number | undefined {
  const digits = new RegExp(`;${key}=(\\d+)`).exec(parameters)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
