/**
 * The third part of the script: everything that is kept of a customer. Beside the document there are side keys, which
 * most calls never touch: `r`, a hash of reservations and of keys that reservations were made under; `z`, their names
 * by the instant at which they expire or, negative, at which they are forgotten; `h`, a hash of counters of past periods.
 *
 * `t` of a customer: format, count, archived, side keys live until, marker, document lives until, first expiry, marker until, entries.
 * It is unpacked in parts, for Lua takes only so many values at once. What a reservation is while it is held: 0, amount, overdraft, expires at,
 * counts on expiry, its key's field, id, overdraft's kind and bucket, its keep, draws, buckets. And then: 1 settled, 2 released or 3 expired,
 * amount, remembered until, draws. Draws are kind and bucket, amount, kind and bucket, amount and so on: `move` turns what is held into them.
 */
export const customerStateSource: string = `
if later[1] or thorough > 0 then
local MOST, DAY = 9007199254740991, 86400000
local AGAIN = 'again'

local function load(index)
  local value = values[index]
  if not value then
    if call('EXISTS', KEYS[index]) > 0 then error('WRONGTYPE') end
    return { name = KEYS[index], keys = {}, t = { FORMAT, 0, 0, 0, 0, 0, NEVER, 0 }, names = '', places = layoutOf(''), need = 0 }
  end
  if string.byte(value, 1) ~= FORMAT then error('foreign value') end
  local count = string.byte(value, 2) + 256 * string.byte(value, 3)
  local t = { struct.unpack(formOf(0), value) }
  local last = FIRST + 3 * count
  for at = FIRST, last - 1, 999 do
    local some = { struct.unpack('<' .. string.rep('d', math.min(999, last - at)), value, t[at]) }
    for index = 1, #some do t[at + index - 1] = some[index] end
  end
  local names = string.sub(value, t[last])
  t[last] = nil
  local places = layoutOf(names)
  if places[0] ~= count then error('foreign value') end
  return { name = KEYS[index], keys = {}, t = t, names = names, places = places, need = 0 }
end

local function save(c)
  local t, parts = c.t, {}
  parts[1] = struct.pack(formOf(0), unpack(t, 1, FIRST - 1))
  for at = FIRST, #t, 999 do
    local to = math.min(at + 998, #t)
    parts[#parts + 1] = struct.pack('<' .. string.rep('d', to - at + 1), unpack(t, at, to))
  end
  return table.concat(parts) .. c.names
end

local function add(c, name, used, keep)
  local t = c.t
  if t[2] == 65535 then error('too many entries') end
  local at = FIRST + 3 * t[2]
  t[at], t[at + 1], t[at + 2] = used, 0, keep
  t[2] = t[2] + 1
  c.names = c.names .. name .. '\\n'
  if not c.isApart then
    local places = {}
    for other, place in pairs(c.places) do places[other] = place end
    c.places, c.isApart = places, true
  end
  c.places[name], c.places[0] = at, t[2]
  c.grown = true
  return at
end

-- Where an entry stands, or nil. A counter of a past period comes back from where it is archived.
local function find(c, name)
  local at = c.places[name]
  if at or c.t[3] == 0 then return at end
  if not c.side then error(AGAIN) end
  c.archive = c.archive or {}
  local packed = c.archive[name]
  if packed == nil then packed = call('HGET', KEYS[c.side + 2], name) end
  if not packed then return nil end
  local used, keep = struct.unpack('<dd', packed)
  c.archive[name] = false
  c.dirty = true
  return add(c, name, used, keep)
end

-- The counter of a bucket that is drawn from; kept as long as the latest caller asks.
local function ensure(c, name, keep)
  local at = find(c, name)
  if not at then
    at = add(c, name, 0, keep)
  elseif keep > c.t[at + 2] then
    c.t[at + 2] = keep
  end
  if keep > c.need then c.need = keep end
  return at
end

-- Remembers a change of the side keys. A score above 0 is when a reservation expires, below 0 when something is forgotten.
local function put(c, field, value, score)
  c.fields[field] = value
  c.changed = c.changed or {}
  c.changed[field] = value
  c.scores[field] = score
  c.dirty = true
  local lasts = score and (score < 0 and -score or score + DAY) or 0
  if lasts > c.lasts then c.lasts = lasts end
end

local function recall(c, field)
  if not c.side then error(AGAIN) end
  local known = c.fields[field]
  if known == nil then
    local packed = call('HGET', KEYS[c.side], field)
    known = packed and cmsgpack.unpack(packed) or false
    c.fields[field] = known
  end
  return known
end

local function move(c, feature, held, counted)
  local t = c.t
  for index = 1, #held, 2 do
    local at = find(c, feature .. ',' .. string.sub(held[index], 2))
    if at then t[at + 1] = t[at + 1] - held[index + 1] end
  end
  for index = 1, #counted, 2 do
    local at = find(c, feature .. ',' .. string.sub(counted[index], 2))
    if at then t[at] = t[at] + counted[index + 1] end
  end
end

local function finish(c, field, held, as, amount, draws, lasts)
  put(c, field, { as, amount, lasts, draws }, -lasts)
  local isGivenBack = as == 2 or (as == 3 and held[5] == 0)
  if isGivenBack and held[6] ~= '' then
    local key = recall(c, held[6])
    if key and key[3] .. ',' .. key[5] == field then put(c, held[6], false, false) end
  end
end

-- Ends every reservation whose time is over, as it was declared. Answers how many.
local function endDue(c)
  if c.t[7] > now then return 0 end
  if not c.side then error(AGAIN) end
  local fields, ended = {}, 0
  if not c.isDueRead then
    fields = call('ZRANGEBYSCORE', KEYS[c.side + 1], 1, now)
    c.isDueRead = true
  end
  for field, score in pairs(c.scores) do
    if score and score > 0 and score <= now then fields[#fields + 1] = field end
  end
  for _, field in ipairs(fields) do
    local held = recall(c, field)
    if held and held[1] == 0 and held[4] <= now then
      local counted = held[5] == 1 and held[10] or {}
      move(c, string.match(field, '^r([^,]*),'), held[10], counted)
      finish(c, field, held, 3, held[5] == 1 and held[2] or 0, counted, held[4] + DAY)
      ended = ended + 1
    end
  end
  c.t[7] = NEVER
  local first = call('ZRANGEBYSCORE', KEYS[c.side + 1], now + 1, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
  if first[2] then c.t[7] = tonumber(first[2]) end
  for _, score in pairs(c.scores) do
    if score and score > 0 and score < c.t[7] then c.t[7] = score end
  end
  c.dirty = true
  return ended
end
`
