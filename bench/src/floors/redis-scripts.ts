/** Takes from a window and gives back what was too much: one call on the usual path, never above the limit. */
export const take = `
local used = redis.call('INCRBY', KEYS[1], ARGV[1])
if used == tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
if used > tonumber(ARGV[2]) then redis.call('DECRBY', KEYS[1], ARGV[1]) return -1 end
return used`

/** The same, where a name that was used before counts nothing. */
export const takeOnce = `
local known = redis.call('GET', KEYS[2])
if known then return tonumber(known) end
local used = redis.call('INCRBY', KEYS[1], ARGV[1])
if used == tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
if used > tonumber(ARGV[2]) then redis.call('DECRBY', KEYS[1], ARGV[1]) used = -1 end
redis.call('SET', KEYS[2], used, 'PX', ARGV[3])
return used`
