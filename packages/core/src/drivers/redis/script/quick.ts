/**
 * The first part of the script: reads everything, and works out what most calls are about. A consumption that finds its
 * customer's counters as they should be is answered here; all others are left to the parts that follow, which are only
 * entered where there are any.
 *
 * A customer's document is one string: a format byte, the number of entries, whether counters are archived, then doubles
 * (until when the side keys live, the marker, until when the document lives, when the first held reservation expires,
 * until when the marker counts), three more for each entry, and the entries' names. An entry is a counter (used, reserved, kept until) or
 * a gate (its state, 0, until when it matters).
 *
 * Nothing is written before all answers are worked out, so that whatever can fail fails before.
 */
export const quickSource: string = String.raw`
local NEVER, MINUTES15 = 9007199254740992, 900000
local FORMAT, FIRST, EXACT = 1, 9, 4503599627370496

-- asked: present or -1, how many of KEYS are strings, customers to answer quickly, customers to answer thoroughly, the number
-- of the call or -1, whether the name of such numbers, the last of KEYS, is to be kept for longer, and the customers.
local asked, terms = cjson.decode(ARGV[1]), cjson.decode(ARGV[2])
if asked[5] >= 0 then
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

local byte, sub, decode, encode, floor, ceil = string.byte, string.sub, struct.unpack, struct.pack, math.floor, math.ceil
local fresh, present = now + MINUTES15, now * 1000
local forms = {}
local function formOf(count)
  local form = forms[count]
  if not form then
    form = '<BHB' .. string.rep('d', 5 + 3 * count)
    forms[count] = form
  end
  return form
end

-- Everything of a document from its marker to its last entry.
local function changesOf(count)
  return '<' .. sub(formOf(count), 6)
end

-- Where each entry stands, by its name. Customers whose entries have the same names share one table.
local layouts = {}
local function layoutOf(names)
  local places = layouts[names]
  if not places then
    local count = 0
    places = {}
    for name in string.gmatch(names, '[^\n]+') do
      places[name] = FIRST + 3 * count
      count = count + 1
    end
    places[0] = count
    layouts[names] = places
  end
  return places
end

local out, size, cursor, later, made = { now }, 1, 7, {}, {}

local function number(value)
  return value > EXACT and string.format('%.0f', value) or value
end

-- How long Redis keeps a key that is remembered for so long.
local function longer(lasts)
  return string.format('%.0f', lasts + 60000)
end

-- What is kept of a key whose consumption one bucket paid.
local function recordOf(term, amount, payer)
  return encode('<c1dd', 'S', now + terms[term + 5], amount) .. terms[term + 6] .. '\n' .. terms[payer + 3]
end

-- Remembers a key, unless it is there already, or something else is.
local function claim(name, record, lasts)
  if redis.pcall('SET', name, record, 'NX', 'GET', 'PX', lasts) then return false end
  made[#made + 1] = name
  return true
end

-- All runs are about one counter: no gates, nothing held. Answers whether all is answered.
local function countPlain(share, value, count, from)
  local names = sub(value, 45 + 24 * count)
  local places, name = layoutOf(names), terms[asked[from + 1] + 9]
  local at = places[name]
  if not at or places[0] ~= count then return false end
  local offset = 44 + 8 * (at - FIRST)
  local version, lives, due, marker = decode('<dddd', value, 13)
  local used, reserved, keep = decode('<ddd', value, offset + 1)
  if due <= now or reserved > 0 or fresh > lives then return false end
  local before, isChanged = version, false
  for run = from + 1, cursor - 4, 4 do
    local term, many, key = asked[run], asked[run + 2], asked[run + 3]
    local bucket = term + 9
    if terms[term + 7] ~= 1 or terms[term + 8] > 0 or terms[bucket] ~= name or terms[bucket + 2] > keep then return false end
    local asks = terms[term]
    local isFresh, known = true, marker > now and version or -1
    if terms[term + 3] == 1 then
      if asks >= known then version, marker = asks, fresh end
    elseif asks ~= known or now < terms[term + 1] or now >= terms[term + 2] then
      isFresh = false
    else
      marker = fresh
    end
    isChanged = isChanged or isFresh
    local amount, limit = asked[run + 1], terms[bucket + 1]
    if key > 0 then
      local record, lasts = recordOf(term, amount, bucket), longer(terms[term + 5])
      for index = key, key + many - 1 do
        if isFresh and limit - used >= amount then
          if not claim(KEYS[index], record, lasts) then return false end
          used, size = used + amount, size + 1
          out[size] = number(used)
        elseif redis.pcall('GET', KEYS[index]) then
          return false
        elseif not isFresh then
          out[size + 1], out[size + 2] = -5, number(known)
          size = size + 2
        else
          out[size + 1], out[size + 2], out[size + 3], out[size + 4], out[size + 5] = -3, 2, 0, number(used), 0
          size = size + 5
        end
      end
    elseif not isFresh then
      for _ = 1, many do
        out[size + 1], out[size + 2] = -5, number(known)
        size = size + 2
      end
    elseif many > 1 and limit - used >= many * amount then
      out[size + 1], out[size + 2], out[size + 3] = -16, many, number(used)
      used, size = used + many * amount, size + 3
    else
      for _ = 1, many do
        if limit - used >= amount then
          used, size = used + amount, size + 1
          out[size] = number(used)
        else
          out[size + 1], out[size + 2], out[size + 3], out[size + 4], out[size + 5] = -3, 2, 0, number(used), 0
          size = size + 5
        end
      end
    end
  end
  if isChanged then
    local from, change = 36, nil
    if version == before and offset == 44 then
      change = encode('<dd', marker, used)
    else
      from = 12
      change = encode('<dddd', version, lives, due, marker) .. sub(value, 45, offset) .. encode('<d', used)
    end
    redis.call('SETRANGE', KEYS[share], from, change)
  end
  return true
end

-- Any document whose entries are all there already, and any number of buckets and gates. What several buckets pay is not
-- answered here.
local function countAny(share, value, count, from)
  local t = { decode(formOf(count), value) }
  local last = FIRST + 3 * count
  local places = layoutOf(sub(value, t[last]))
  if t[7] <= now or places[0] ~= count or fresh > t[6] or t[3] > 0 then return false end
  for run = from + 1, cursor - 4, 4 do
    local term, amount, many, key = asked[run], asked[run + 1], asked[run + 2], asked[run + 3]
    local version, known = terms[term], t[8] > now and t[5] or -1
    local isFresh = true
    if terms[term + 3] == 1 then
      if version >= known then t[5], t[8] = version, fresh end
    elseif version ~= known or now < terms[term + 1] or now >= terms[term + 2] then
      isFresh = false
    else
      t[8] = fresh
    end
    local firstBucket, lastBucket = term + 9, term + 5 + 4 * terms[term + 7]
    local firstGate, lastGate = lastBucket + 4, lastBucket + 1 + 3 * terms[term + 8]
    for gate = firstGate, lastGate, 3 do
      if not places[terms[gate]] then return false end
    end
    local requests, lasts = terms[term + 4], key > 0 and longer(terms[term + 5])
    local record, recorded
    for index = key, key + many - 1 do
      local opens, payer, paying
      if isFresh then
        for gate = firstGate, lastGate, 3 do
          local state, step = t[places[terms[gate]]], terms[gate + 1]
          local next = (state > present and state or present) + step * requests
          local room = step * terms[gate + 2]
          if next - present > room then
            local retry = ceil((next - room) / 1000)
            if not opens or retry > opens then opens = retry end
          end
        end
        for bucket = firstBucket, opens and 0 or lastBucket, 4 do
          local place = places[terms[bucket]]
          local room = terms[bucket + 1] - (place and t[place] + t[place + 1] or 0)
          if room > 0 then
            if room < amount or not place or terms[bucket + 2] > t[place + 2] then return false end
            payer, paying = bucket, place
            break
          end
        end
      end
      if payer then
        if lasts then
          if recorded ~= payer then record, recorded = recordOf(term, amount, payer), payer end
          if not claim(KEYS[index], record, lasts) then return false end
        end
        t[paying] = t[paying] + amount
        out[size + 1], out[size + 2] = -17, (payer - firstBucket) / 4
        size = size + 2
      elseif lasts and redis.pcall('GET', KEYS[index]) then
        return false
      elseif isFresh then
        out[size + 1], out[size + 2], out[size + 3] = -3, opens and 1 or 2, opens or 0
        size = size + 3
      else
        out[size + 1], out[size + 2] = -5, number(known)
        size = size + 2
      end
      if isFresh then
        for bucket = firstBucket, lastBucket, 4 do
          local place = places[terms[bucket]]
          out[size + 1], out[size + 2] = place and number(t[place]) or 0, place and number(t[place + 1]) or 0
          size = size + 2
        end
        for gate = firstGate, lastGate, 3 do
          local place, step = places[terms[gate]], terms[gate + 1]
          local state = t[place]
          if state < present then state = present end
          if payer then state = state + step * requests end
          local resets = ceil(state / 1000)
          if payer then
            if resets > t[6] then return false end
            t[place], t[place + 2] = state, resets
          end
          local remaining = floor((step * terms[gate + 2] - (state - present)) / step)
          out[size + 1], out[size + 2] = remaining > 0 and remaining or 0, resets
          size = size + 2
        end
      end
    end
  end
  redis.call('SETRANGE', KEYS[share], 12, encode(changesOf(count), unpack(t, 5, last - 1)))
  return true
end

-- Takes back what was said and remembered of a customer who is answered another way.
local function retreat(sizeBefore, madeBefore)
  for index = size, sizeBefore + 1, -1 do out[index] = nil end
  for index = #made, madeBefore + 1, -1 do
    redis.call('DEL', made[index])
    made[index] = nil
  end
  size = sizeBefore
  return false
end

-- A term stands in terms from its place on: version, from, until, loaded, requests, how long a key is remembered, feature,
-- how many buckets and gates, buckets (name, limit, keep, kind and id), gates (name, step, burst).
for share = 1, quick do
  local value, isDone = values[share], false
  local sizeBefore, madeBefore, from = size, #made, cursor
  cursor = cursor + 1 + 4 * asked[cursor]
  if value then
    local format, low, high = byte(value, 1, 3)
    if format == FORMAT and high then
      local count, term = low + 256 * high, asked[from + 1]
      if #value >= 44 + 24 * count then
        isDone = terms[term + 8] == 0 and count > 0 and countPlain(share, value, count, from) or retreat(sizeBefore, madeBefore)
        isDone = isDone or countAny(share, value, count, from) or retreat(sizeBefore, madeBefore)
      end
    end
  end
  if not isDone then
    size = size + 1
    out[size] = 0
    later[#later + 1] = share
    later[#later + 1] = from
  end
end
`
