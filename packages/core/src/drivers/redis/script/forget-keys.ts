/**
 * Looks for a customer's idempotency keys among the next thousand or so of all keys, and deletes them, and with them all else that is
 * kept of the customer: so whatever is counted again under one of them was erased along. `KEYS` is the customer's document, which says
 * which server is asked and what the names begin with, `ARGV` where the look stands. Answers where to go on, `0` at the end.
 */
export const forgetKeysScript: string = String.raw`
local document = KEYS[1]
local pattern = string.gsub(document, '[%\\%*%?%[%]]', '\\%0') .. ':k*'
local page = redis.call('SCAN', ARGV[1], 'MATCH', pattern, 'COUNT', 1000)
if ARGV[1] == '0' or page[2][1] then redis.call('DEL', document, document .. ':r', document .. ':z', document .. ':h') end
for _, name in ipairs(page[2]) do redis.call('DEL', name) end
return page[1]
`
