/** The end of the script: writes what the first part worked out. */
export const writeSource: string = `
local endsOf = {}
for from = 1, #sets, 2000 do redis.call('MSET', unpack(sets, from, math.min(from + 1999, #sets))) end
for index = 2, #sets, 2 do
  local lasts = ends[index]
  if not endsOf[lasts] then endsOf[lasts] = string.format('%.0f', host + lasts + 60000) end
  redis.call('PEXPIREAT', sets[index - 1], endsOf[lasts])
end
for index = 1, writes, 3 do redis.call('SETRANGE', written[index], written[index + 1], written[index + 2]) end
return out
`
