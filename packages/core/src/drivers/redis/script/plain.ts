/**
 * The first part of the script: reads, and counts what most calls are about: customers who have counted before, one counter,
 * no gate and no key. It declares no functions, for those would be made anew in every call, which most calls need none of.
 *
 * A customer's document is one string: a format byte, the number of entries, whether counters are archived, then doubles
 * (until when the side keys live, the marker, until when the document lives, when the first held reservation expires,
 * until when the marker counts), three more for each entry, and the entries' names. An entry is a counter (used, reserved, kept until) or
 * a gate (its state, 0, until when it matters).
 *
 * Nothing of a customer is written before everything that is asked about the customer has been worked out, so that whatever
 * can fail fails before.
 */
export const plainSource: string = String.raw`
local NEVER, MINUTES15 = 9007199254740992, 900000
local FORMAT, FIRST, EXACT = 1, 9, 4503599627370496

-- asked: present or -1, how many of KEYS are strings, customers to answer quickly, customers to answer thoroughly, the number
-- of the call as text or none, whether the name of such numbers, the last of KEYS, is to be kept for longer, and the customers.
local given = cjson.decode(ARGV[1])
local asked, terms = given[1], given[2]
if asked[5] ~= '' then
  if redis.call('SETBIT', KEYS[#KEYS], asked[5], 1) == 1 then return redis.error_reply('RESENT This call was made before') end
  if asked[6] == 1 then redis.call('PEXPIRE', KEYS[#KEYS], 3600000) end
end
local clock = redis.call('TIME')
local host = clock[1] * 1000 + math.floor(clock[2] / 1000)
local now = asked[1]
if now < 0 then now = host end

-- The documents of the call, each under the place of its name in KEYS. Whether one that is not a string is absent, and what is
-- kept of a key, is asked where it matters.
local strings, quick, thorough = asked[2], asked[3], asked[4]
local documents = quick + thorough
local values = redis.call('MGET', unpack(KEYS, 1, math.min(documents, 1000)))
for from = 1001, documents, 1000 do
  local some = redis.call('MGET', unpack(KEYS, from, math.min(from + 999, documents)))
  for index = 1, #some do values[from + index - 1] = some[index] end
end

local byte, sub, decode, encode = string.byte, string.sub, struct.unpack, struct.pack
local fresh, present = now + MINUTES15, now * 1000
local out, size, cursor, rest = { now }, 1, 7, {}

-- A term stands in terms from its place on: version, from, until, loaded, requests, how long a key is remembered, feature,
-- how many buckets and gates, buckets (name, limit, keep, kind and id), gates (name, step, burst).
local lastNames, lastName, lastCount, offset
for share = 1, quick do
  local value, from, before, isDone = values[share], cursor, size, false
  local first, term = cursor + 1, asked[cursor + 1]
  cursor = cursor + 1 + 4 * asked[cursor]
  repeat
    local name = terms[term + 9]
    if asked[first + 3] > 0 or terms[term + 8] > 0 or not value or #value < 68 or byte(value) ~= FORMAT then break end
    local count = byte(value, 2) + 256 * byte(value, 3)
    local names = sub(value, 45 + 24 * count)
    if names ~= lastNames or name ~= lastName or count ~= lastCount then
      local entries = 0
      lastNames, lastName, lastCount, offset = names, name, count, nil
      for entry in string.gmatch(names, '[^\n]+') do
        if entry == name then offset = 44 + 24 * entries end
        entries = entries + 1
      end
      if entries ~= count then offset = nil end
    end
    if not offset then break end
    local version, lives, due, marker = decode('<dddd', value, 13)
    local used, reserved, keep = decode('<ddd', value, offset + 1)
    if due <= now or reserved > 0 or fresh > lives then break end
    local known, isChanged = version, false
    isDone = true
    for run = first, cursor - 4, 4 do
      term = asked[run]
      local amount, many, limit = asked[run + 1], asked[run + 2], terms[term + 10]
      if asked[run + 3] > 0 or terms[term + 7] ~= 1 or terms[term + 8] > 0 or terms[term + 9] ~= name or terms[term + 11] > keep then
        isDone = false
        break
      end
      local asks, isFresh = terms[term], true
      local current = marker > now and version or -1
      if terms[term + 3] == 1 then
        if asks >= current then version, marker = asks, fresh end
      elseif asks ~= current or now < terms[term + 1] or now >= terms[term + 2] then
        isFresh = false
      else
        marker = fresh
      end
      isChanged = isChanged or isFresh
      if isFresh and many > 1 and limit - used >= many * amount then
        out[size + 1], out[size + 2] = -16, many
        out[size + 3] = used > EXACT and string.format('%.0f', used) or used
        used, size, many = used + many * amount, size + 3, 0
      end
      for _ = 1, many do
        if not isFresh then
          out[size + 1], out[size + 2] = -5, current > EXACT and string.format('%.0f', current) or current
          size = size + 2
        elseif limit - used >= amount then
          used, size = used + amount, size + 1
          out[size] = used > EXACT and string.format('%.0f', used) or used
        else
          out[size + 1], out[size + 2], out[size + 3], out[size + 5] = -3, 2, 0, 0
          out[size + 4] = used > EXACT and string.format('%.0f', used) or used
          size = size + 5
        end
      end
    end
    if isDone and isChanged then
      if version == known and offset == 44 then
        redis.call('SETRANGE', KEYS[share], '36', encode('<dd', marker, used))
      else
        local change = encode('<dddd', version, lives, due, marker) .. sub(value, 45, offset) .. encode('<d', used)
        redis.call('SETRANGE', KEYS[share], '12', change)
      end
    end
  until true
  if not isDone then
    for index = size, before + 2, -1 do out[index] = nil end
    size = before + 1
    out[size] = 0
    rest[#rest + 1], rest[#rest + 2] = share, from
  end
end
`
