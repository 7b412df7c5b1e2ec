/**
 * The second part of the script: consumptions of customers whose counters and gates are all there already, with any number
 * of them, and with keys. What it cannot answer is left to the parts that follow.
 *
 * `changesOf` is everything of a document from its marker to its last entry. `layoutOf` is where each entry stands, by its name: customers
 * whose entries have the same names share one table. `endAfter` is an instant, for a length would be worked out anew for replicas.
 */
export const quickSource: string = String.raw`
if rest[1] or thorough > 0 then
local forms = {}
local function formOf(count)
  local form = forms[count]
  if not form then
    form = '<BHB' .. string.rep('d', 5 + 3 * count)
    forms[count] = form
  end
  return form
end

local changes = {}
local function changesOf(count)
  local form = changes[count] or '<' .. sub(formOf(count), 6)
  changes[count] = form
  return form
end

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

local later, made = {}, {}

local function number(value)
  return value > EXACT and string.format('%.0f', value) or value
end

local function endAfter(lasts)
  return string.format('%.0f', host + lasts + 60000)
end

-- Remembers a key, unless it is there already, or something else is.
local function claim(name, term, amount, payer)
  local record = encode('<c1dd', 'S', now + terms[term + 5], amount) .. terms[term + 6] .. '\n' .. terms[payer + 3]
  if not call('SET', name, record, 'NX', 'PXAT', endAfter(terms[term + 5])) then return false end
  made[#made + 1] = name
  return true
end

-- Any document whose entries are all there already, and any number of buckets and gates. What several buckets pay is not
-- answered here.
local function count(share, value, entries, from, to)
  if entries > 999 then return false end
  local t = { decode(formOf(entries), value) }
  local last = FIRST + 3 * entries
  local places = layoutOf(sub(value, t[last]))
  if t[7] <= now or places[0] ~= entries or fresh > t[6] or t[3] > 0 then return false end
  for run = from + 1, to, 4 do
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
    local requests = terms[term + 4]
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
        if key > 0 and not claim(KEYS[index], term, amount, payer) then return false end
        t[paying] = t[paying] + amount
        out[size + 1], out[size + 2] = -17, (payer - firstBucket) / 4
        size = size + 2
      elseif key > 0 and redis.pcall('GET', KEYS[index]) then
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
          local place = places[terms[gate]]
          local state = t[place]
          if payer then
            if state < present then state = present end
            state = state + terms[gate + 1] * requests
            t[place], t[place + 2] = state, ceil(state / 1000)
            if t[place + 2] > t[6] then return false end
          end
          size = size + 1
          out[size] = number(state)
        end
      end
    end
  end
  call('SETRANGE', KEYS[share], '12', encode(changesOf(entries), unpack(t, 5, last - 1)))
  return true
end

-- Takes back what was said and remembered of a customer who is answered another way.
local function retreat(sizeBefore, madeBefore)
  for index = size, sizeBefore + 1, -1 do out[index] = nil end
  for index = #made, madeBefore + 1, -1 do
    call('DEL', made[index])
    made[index] = nil
  end
  size = sizeBefore
  return false
end

for index = 1, #rest, 2 do
  local share, from = rest[index], rest[index + 1]
  local value, sizeBefore, madeBefore, isDone = values[share], size, #made, false
  local format, low, high = byte(value or '', 1, 3)
  if format == FORMAT and high and #value >= 44 + 24 * (low + 256 * high) then
    isDone = count(share, value, low + 256 * high, from, from - 3 + 4 * asked[from]) or retreat(sizeBefore, madeBefore)
  end
  if not isDone then
    size = size + 1
    out[size] = 0
    later[#later + 1], later[#later + 2] = share, from
  end
end
`
