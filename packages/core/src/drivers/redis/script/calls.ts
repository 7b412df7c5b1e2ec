/**
 * The sixth and last part of the script: what is asked for beside the verbs, and the course of all that is not answered quickly. All
 * customers are worked out first, each apart; only then is anything written.
 */
export const callsSource: string = `
local kinds = { allowance = true, overage = true, overdraft = true }

-- What a counter of a usage period counts, and when that starts; nil for any other entry.
local function periodOf(name)
  local place, kind, start = string.match(name, '^([^,]*,(%a+)):(%-?%d+)$')
  if kinds[kind] then return place, tonumber(start) end
end

local function history(c, feature, from, to)
  local found = {}
  local function look(name, used)
    local place, start = periodOf(name)
    if used > 0 and start and start >= from and start < to and string.match(place, '^[^,]*') == feature then
      found[#found + 1] = string.sub(name, #feature + 2)
      found[#found + 1] = used
    end
  end
  for name in string.gmatch(c.names, '[^\\n]+') do look(name, c.t[c.places[name]]) end
  local archived = c.t[3] ~= 0 and call('HGETALL', KEYS[c.side + 2]) or {}
  for index = 1, #archived, 2 do
    if not c.places[archived[index]] then look(archived[index], (struct.unpack('<dd', archived[index + 1]))) end
  end
  answer(-11)
  listed(found)
end

-- Drops entries whose time is over and archives counters of periods before the last two. Answers how many were dropped.
local function compact(c)
  local t, names, starts = c.t, {}, {}
  for name in string.gmatch(c.names, '[^\\n]+') do
    names[#names + 1] = name
    local place, start = periodOf(name)
    if place then
      local last = starts[place] or { -NEVER, -NEVER }
      starts[place] = last
      if start > last[1] then last[1], last[2] = start, last[1]
      elseif start > last[2] then last[2] = start end
    end
  end
  local kept, left, dropped, isArchiving = { unpack(t, 1, FIRST - 1) }, {}, 0, false
  for index, name in ipairs(names) do
    local at = FIRST + 3 * (index - 1)
    local used, reserved, keep = t[at], t[at + 1], t[at + 2]
    local place, start = periodOf(name)
    if reserved == 0 and keep <= now then
      if not string.find(name, ',,', 1, true) then dropped = dropped + 1 end
    elseif reserved == 0 and place and start < starts[place][2] then
      if not c.side then error(AGAIN) end
      c.archive = c.archive or {}
      c.archive[name] = struct.pack('<dd', used, keep)
      if keep > c.lasts then c.lasts = keep end
      isArchiving = true
    else
      kept[#kept + 1], kept[#kept + 2], kept[#kept + 3] = used, reserved, keep
      left[#left + 1] = name .. '\\n'
    end
  end
  if #left == #names then return 0 end
  c.t, c.names, c.dirty = kept, table.concat(left), true
  c.places, c.isApart = layoutOf(c.names), false
  kept[2] = #left
  if isArchiving then
    local archived = call('HGETALL', KEYS[c.side + 2])
    for index = 1, #archived, 2 do
      local _, keep = struct.unpack('<dd', archived[index + 1])
      if keep <= now and c.archive[archived[index]] == nil then c.archive[archived[index]] = false end
    end
    kept[3] = 1
  end
  return dropped
end

-- Forgets some of what is remembered for too long. Answers how many fields and how many keys.
local function forgetSome(c, most)
  local fields, keys = call('ZRANGEBYSCORE', KEYS[c.side + 1], -now, -1, 'LIMIT', 0, most), 0
  for _, field in ipairs(fields) do
    if c.scores[field] == nil then
      put(c, field, false, false)
      if string.byte(field) == 107 then keys = keys + 1 end
    end
  end
  return keys
end

local function sweep(c, from, count)
  local reservations = endDue(c)
  local keys, markers = forgetSome(c, 1000), 0
  for at = from, from + count - 1 do
    local index = asked[at]
    local value = call('GET', KEYS[index])
    if value and value ~= 'R' and not keyed(c, index) then
      remember(c, index, false)
      keys = keys + 1
    end
  end
  local counters = compact(c)
  local t = c.t
  if t[8] > 0 and t[8] <= now then t[5], t[8], markers, c.dirty = 0, 0, 1, true end
  c.isGone = t[2] == 0 and t[3] == 0 and t[8] == 0 and t[4] <= now and not c.changed
  answer(-13)
  answer(reservations)
  answer(keys)
  answer(counters)
  answer(markers)
end

local function raise(c, version)
  local t = c.t
  answer(-12)
  if t[8] > now and version < t[5] then return end
  t[5], t[8], c.dirty = version, now + MINUTES15, true
end

-- Runs the operation at a place of ops and answers the place of the next.
local function run(c, at)
  local code = asked[at]
  if code < 11 then endDue(c) end
  if code == 1 then
    take(c, 'c', asked[at + 1], asked[at + 2], asked[at + 3])
    return at + 4
  elseif code == 3 then
    local ask = { id = asked[at + 4], expires = asked[at + 5], counts = asked[at + 6], over = asked[at + 7], bucket = asked[at + 8], keep = asked[at + 9] }
    take(c, 'r', asked[at + 1], asked[at + 2], asked[at + 3], ask)
    return at + 10
  elseif code == 4 then
    settle(c, asked[at + 1], asked[at + 2], asked[at + 3])
    return at + 4
  elseif code == 5 then
    releaseKey(c, asked[at + 1], asked[at + 2])
    return at + 3
  elseif code == 6 then
    release(c, asked[at + 1], asked[at + 2])
    return at + 3
  elseif code == 7 then
    local draws = {}
    for index = at + 3, at + 2 + 2 * asked[at + 2] do draws[#draws + 1] = asked[index] end
    giveBack(c, asked[at + 1], draws)
    return at + 3 + 2 * asked[at + 2]
  elseif code == 8 then
    answer(-10)
    answer(c.t[8] > now and c.t[5] or -1)
    look(c, asked[at + 1])
    return at + 2
  elseif code == 9 then
    history(c, asked[at + 1], asked[at + 2], asked[at + 3])
    return at + 4
  elseif code == 10 then
    raise(c, asked[at + 1])
    return at + 2
  end
  sweep(c, at + 2, asked[at + 1])
  return at + 2 + asked[at + 1]
end

-- The first expiry of what is held once the changes are made.
local function firstExpiry(c)
  local first, most = NEVER, 1
  for _, score in pairs(c.scores) do
    most = most + 1
    if score and score > 0 and score < first then first = score end
  end
  local held = call('ZRANGEBYSCORE', KEYS[c.side + 1], 1, '+inf', 'WITHSCORES', 'LIMIT', 0, most)
  for index = 1, #held, 2 do
    local score = tonumber(held[index + 1])
    if c.scores[held[index]] == nil and score < first then first = score end
  end
  return first
end

-- Works out everything that is to be written, so that writing cannot fail.
local function conclude(c)
  if c.grown then compact(c) end
  local t = c.t
  if c.changed then
    forgetSome(c, 4)
    t[7] = firstExpiry(c)
  end
  if c.changed or c.archive then
    c.isExpiring = c.lasts > t[4] or call('EXISTS', KEYS[c.side], KEYS[c.side + 1], KEYS[c.side + 2]) < 3
    if c.lasts > t[4] then t[4] = math.min(NEVER, c.lasts + 3600000) end
  end
  if not c.dirty then return end
  if t[4] > c.need then c.need = t[4] end
  if t[8] > c.need then c.need = t[8] end
  if c.need > t[6] then t[6], c.isLonger = math.min(NEVER, c.need + 3600000), true end
  c.value = save(c)
end

local function serve(at)
  local c = load(asked[at])
  if asked[at + 1] > 0 then c.side, c.fields, c.scores, c.lasts = strings + 3 * asked[at + 1] - 2, {}, {}, 0 end
  local next = at + 4
  for _ = 1, asked[at + 2] do next = run(c, next) end
  conclude(c)
  return c
end

-- As serve, for what the first part left.
local function serveRuns(share, from)
  local c = load(share)
  for run = from + 1, from - 3 + 4 * asked[from], 4 do
    local key = asked[run + 3]
    for turn = 0, asked[run + 2] - 1 do
      endDue(c)
      take(c, 'c', asked[run], asked[run + 1], key > 0 and key + turn or 0)
    end
  end
  conclude(c)
  return c
end

-- Works out one customer. An error is that customer's alone.
local served = {}
local function try(count, work, ...)
  local before = #out
  local isServed, c = pcall(work, ...)
  if isServed then
    served[#served + 1] = c
    return
  end
  for index = #out, before + 1, -1 do out[index] = nil end
  local isAgain = type(c) == 'string' and string.sub(c, -#AGAIN) == AGAIN
  if isAgain then return answer(0) end
  for _ = 1, count do
    answer(-9)
    answer('Script: ' .. (type(c) == 'table' and tostring(c.err) or tostring(c)))
  end
end

for index = 1, #later, 2 do
  local share, from = later[index], later[index + 1]
  local count = 0
  for run = from + 1, from - 3 + 4 * asked[from], 4 do count = count + asked[run + 2] end
  try(count, serveRuns, share, from)
end
for _ = 1, thorough do
  try(asked[cursor + 2], serve, cursor)
  cursor = cursor + asked[cursor + 3]
end

for _, c in ipairs(served) do
  for name, record in pairs(c.keyWrites or {}) do
    if not record then
      call('DEL', name)
    else
      call('SET', name, record[5] and 'R' or cmsgpack.pack(record), 'PXAT', endAfter(record[1] - now))
    end
  end
  if c.isGone then
    call('DEL', c.name)
  elseif c.value then
    if c.t[6] == NEVER then call('SET', c.name, c.value)
    elseif c.isLonger then call('SET', c.name, c.value, 'PXAT', endAfter(c.t[6] - now))
    else call('SET', c.name, c.value, 'KEEPTTL') end
  end
  for field, value in pairs(c.changed or {}) do
    if value then
      call('HSET', KEYS[c.side], field, cmsgpack.pack(value))
      call('ZADD', KEYS[c.side + 1], c.scores[field], field)
    else
      call('HDEL', KEYS[c.side], field)
      call('ZREM', KEYS[c.side + 1], field)
    end
  end
  for name, packed in pairs(c.archive or {}) do
    if packed then call('HSET', KEYS[c.side + 2], name, packed)
    else call('HDEL', KEYS[c.side + 2], name) end
  end
  if c.isExpiring then
    for index = c.side, c.side + 2 do
      if c.t[4] == NEVER then call('PERSIST', KEYS[index])
      else call('PEXPIREAT', KEYS[index], endAfter(c.t[4] - now)) end
    end
  end
end
end
`
