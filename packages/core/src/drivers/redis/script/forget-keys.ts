/**
 * Looks for a customer's idempotency keys among the next thousand or so of all keys, and deletes them: `KEYS` is the customer's
 * document, which says which server is asked and what the names begin with, `ARGV` where the look stands. Answers where to
 * go on, `0` at the end.
 */
export const forgetKeysScript: string = String.raw`
local pattern = string.gsub(KEYS[1], '[%\\%*%?%[%]]', '\\%0') .. ':k*'
local page = redis.call('SCAN', ARGV[1], 'MATCH', pattern, 'COUNT', 1000)
for _, name in ipairs(page[2]) do redis.call('DEL', name) end
return page[1]
`
