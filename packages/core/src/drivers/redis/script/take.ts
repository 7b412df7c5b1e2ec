/**
 * The fourth part of the script: consume and reserve. Numbers are doubles, exact to 2^53; what is answered are whole numbers
 * and, near 2^53, whose last digit clients of today read wrong, text. An answer begins with what became of the operation: see
 * `decode-answers.ts`.
 *
 * What is kept of a key: until, amount, verb and feature, draws, reservation, expires at; `keyed` answers false where it is free. `take` is given
 * the place of its key in `KEYS`, or 0, and in `ask` what only a reservation says.
 */
export const takeSource: string = `
local function answer(value)
  out[#out + 1] = type(value) == 'number' and number(value) or value
end

-- The first and the last place in terms of a term's buckets, and of its gates.
local function bucketsOf(term)
  return term + 9, term + 5 + 4 * terms[term + 7]
end

local function gatesOf(term)
  local from = term + 9 + 4 * terms[term + 7]
  return from, from + 3 * terms[term + 8] - 3
end

-- What is left everywhere.
local function look(c, term)
  local from, to = bucketsOf(term)
  for index = from, to, 4 do
    local at = find(c, terms[index])
    answer(at and c.t[at] or 0)
    answer(at and c.t[at + 1] or 0)
  end
  from, to = gatesOf(term)
  for index = from, to, 3 do
    local at = find(c, terms[index])
    answer(at and c.t[at] or 0)
  end
end

local function listed(draws)
  answer(#draws)
  for index = 1, #draws do answer(draws[index]) end
end

-- The name of a key in r: what its name in KEYS has beyond the document's.
local function fieldOf(c, index)
  return string.sub(KEYS[index], #c.name + 2)
end

local function keyed(c, index)
  local known = c.keys[KEYS[index]]
  if known == nil then
    local value = call('GET', KEYS[index])
    if value == 'R' then
      known = recall(c, fieldOf(c, index))
    elseif value and string.byte(value) == 83 then
      local _, lasts, amount, place = struct.unpack('<c1dd', value)
      local feature, drawn = string.match(value, '^([^\\n]*)\\n(.*)$', place)
      known = { lasts, amount, 'c' .. feature, { drawn, amount } }
    else
      known = value and cmsgpack.unpack(value) or false
    end
    c.keys[KEYS[index]] = known
  elseif known and known[5] then
    known = recall(c, fieldOf(c, index))
  end
  if known and known[1] <= now then known = false end
  return known
end

local function remember(c, index, record)
  if record and record[1] <= now then record = false end
  c.keys[KEYS[index]] = record
  c.keyWrites = c.keyWrites or {}
  c.keyWrites[KEYS[index]] = record
  if record and record[5] then put(c, fieldOf(c, index), record, -record[1]) end
end

-- The marker only rises; one that has expired starts anew. Answers whether the caller may go on.
local function isFresh(c, term)
  local t, version = c.t, terms[term]
  local marker = t[8] > now and t[5] or -1
  if terms[term + 3] == 1 then
    if version < marker then return true end
    t[5] = version
  elseif version ~= marker or now < terms[term + 1] or now >= terms[term + 2] then
    answer(-5)
    answer(marker)
    return false
  end
  t[8] = now + MINUTES15
  c.dirty = true
  return true
end

-- When the last of the closed gates opens, or nil.
local function closedUntil(c, term)
  local from, to = gatesOf(term)
  local opens
  for index = from, to, 3 do
    local at, step = find(c, terms[index]), terms[index + 1]
    local next = math.max(at and c.t[at] or 0, now * 1000) + step * terms[term + 4]
    local room = step * terms[index + 2]
    if next - now * 1000 > room then
      local retry = math.ceil((next - room) / 1000)
      if not opens or retry > opens then opens = retry end
    end
  end
  return opens
end

local function pass(c, term)
  local from, to = gatesOf(term)
  for index = from, to, 3 do
    local at = find(c, terms[index]) or add(c, terms[index], 0, 0)
    local state = math.max(c.t[at], now * 1000) + terms[index + 1] * terms[term + 4]
    c.t[at], c.t[at + 2] = state, math.ceil(state / 1000)
    if c.t[at + 2] > c.need then c.need = c.t[at + 2] end
  end
end

-- What each bucket would pay, in burn order; nil where they do not hold the amount.
local function drawFrom(c, term, amount)
  local draws, rest = {}, amount
  local from, to = bucketsOf(term)
  for index = from, to, 4 do
    local at = find(c, terms[index])
    local room = terms[index + 1] - (at and c.t[at] + c.t[at + 1] or 0)
    if room > 0 then
      local part = math.min(room, rest)
      draws[#draws + 1] = index
      draws[#draws + 1] = part
      rest = rest - part
      if rest == 0 then return draws end
    end
  end
  return nil
end

local function repeated(c, term, known, verb, amount)
  if known[3] ~= verb .. terms[term + 6] or known[2] ~= amount then
    answer(-4)
  else
    answer(-2)
    answer(known[1])
    answer(known[6] or 0)
    answer(known[5] and 'r' .. known[5] or '')
    listed(known[4])
  end
  look(c, term)
end

local function take(c, verb, term, amount, key, ask)
  local known = key > 0 and keyed(c, key)
  if known then return repeated(c, term, known, verb, amount) end
  local field = ask and 'r' .. terms[term + 6] .. ',' .. ask.id
  local before = field and recall(c, field)
  if before and (before[1] == 0 or before[3] > now) then
    answer(-4)
    return look(c, term)
  end
  if not isFresh(c, term) then return end
  local opens = closedUntil(c, term)
  local draws = not opens and drawFrom(c, term, amount)
  if not draws then
    answer(-3)
    answer(opens and 1 or 2)
    answer(opens or 0)
    return look(c, term)
  end
  local t, named, lasts = c.t, {}, terms[term + 5]
  local column = field and 1 or 0
  for index = 1, #draws, 2 do
    local bucket = draws[index]
    local at = ensure(c, terms[bucket], terms[bucket + 2]) + column
    t[at] = t[at] + draws[index + 1]
    named[index], named[index + 1] = terms[bucket + 3], draws[index + 1]
    draws[index] = (bucket - term - 9) / 4
  end
  pass(c, term)
  local expires
  if field then
    expires = now + ask.expires
    local list = {}
    local from, to = bucketsOf(term)
    for index = from, to, 4 do
      list[#list + 1], list[#list + 2], list[#list + 3] = terms[index + 3], terms[index + 1], terms[index + 2]
    end
    put(c, field, { 0, amount, ask.over, expires, ask.counts, key > 0 and fieldOf(c, key) or '', ask.id, ask.bucket, ask.keep, named, list }, expires)
    if expires < t[7] then t[7] = expires end
  end
  if key > 0 then remember(c, key, { now + lasts, amount, verb .. terms[term + 6], named, field and ask.id or nil, expires }) end
  c.dirty = true
  answer(-1)
  answer(key > 0 and now + lasts or 0)
  answer(expires or 0)
  listed(draws)
  look(c, term)
end
`
