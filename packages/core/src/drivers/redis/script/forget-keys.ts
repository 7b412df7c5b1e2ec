/**
 * Deletes the keys it is given beyond the first, and looks for more: `ARGV` is where the look stands and a pattern; the first
 * of `KEYS` says which server is asked. Answers where to go on, `0` at the end, and what was found.
 */
export const forgetKeysScript: string = `
for index = 2, #KEYS do redis.call('DEL', KEYS[index]) end
if ARGV[1] == 'end' then return { '0', {} } end
return redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', 1000)
`
