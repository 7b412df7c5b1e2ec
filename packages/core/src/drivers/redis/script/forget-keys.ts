/**
 * Looks for a customer's idempotency keys among the next thousand or so of all keys: `KEYS` is the customer's document, which says
 * which server is asked and what the names begin with, `ARGV` where the look stands. Answers where to go on, `0` at the end, and the
 * names, a line each.
 */
export const findKeysScript: string = String.raw`
local pattern = string.gsub(KEYS[1], '[%\\%*%?%[%]]', '\\%0') .. ':k*'
local page = redis.call('SCAN', ARGV[1], 'MATCH', pattern, 'COUNT', 1000)
return table.concat({ page[1], unpack(page[2]) }, '\n')
`

/** Deletes the keys of a customer that `ARGV` names. */
export const forgetKeysScript: string = String.raw`
for _, name in ipairs(ARGV) do redis.call('DEL', name) end
`
