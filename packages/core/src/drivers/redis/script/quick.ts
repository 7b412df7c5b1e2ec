/**
 * The first part of the script: reads everything, and works out what most calls are about. A consumption that finds its
 * customer's counters as they should be is answered here; all others are left to the parts that follow, which are only
 * entered where there are any.
 *
 * A customer's document is one string: a format byte, the number of entries, whether counters are archived, then doubles
 * (the marker, until when it counts, until when the key lives, when the first held reservation expires, until when the
 * side keys live), three more for each entry, and the entries' names. An entry is a counter (used, reserved, kept until) or
 * a gate (its state, 0, until when it matters).
 *
 * Nothing is written before all answers are worked out, so that whatever can fail fails before.
 */
export const quickSource: string = `
local NEVER, MINUTES15 = 9007199254740992, 900000
local FORMAT, FIRST, EXACT = 1, 9, 4503599627370496

-- asked: present or -1, how many of KEYS are strings, customers to answer quickly, customers to answer thoroughly, and they.
local asked, terms = cjson.decode(ARGV[1]), cjson.decode(ARGV[2])
local clock = redis.call('TIME')
local host = clock[1] * 1000 + math.floor(clock[2] / 1000)
local now = asked[1]
if now < 0 then now = host end

-- The documents and keys of the call, each under the place of its name in KEYS. Names of another type are noted.
local strings, quick, thorough = asked[2], asked[3], asked[4]
local values, foreign
if strings <= 1000 and strings == #KEYS then
  values = redis.call('MGET', unpack(KEYS))
else
  values = {}
  for from = 1, strings, 1000 do
    local some = redis.call('MGET', unpack(KEYS, from, math.min(from + 999, strings)))
    for index = 1, #some do values[from + index - 1] = some[index] end
  end
end
do
  local absent, from = {}, 1
  for index = 1, strings do
    if not values[index] then absent[#absent + 1] = KEYS[index] end
  end
  while absent[from] do
    if redis.call('EXISTS', unpack(absent, from, math.min(from + 999, #absent))) > 0 then foreign = {} end
    from = from + 1000
  end
  if foreign then
    for index = 1, strings do
      foreign[index] = not values[index] and redis.call('EXISTS', KEYS[index]) > 0
    end
  end
end

local forms = {}
local function formOf(count)
  local form = forms[count]
  if not form then
    form = '<BHB' .. string.rep('d', 5 + 3 * count)
    forms[count] = form
  end
  return form
end

-- Where each entry stands, by its name. Customers whose entries have the same names share one table.
local layouts = {}
local function layoutOf(names)
  local places = layouts[names]
  if not places then
    local count = 0
    places = {}
    for name in string.gmatch(names, '[^\\n]+') do
      places[name] = FIRST + 3 * count
      count = count + 1
    end
    places[0] = count
    layouts[names] = places
  end
  return places
end

local out, cursor, later = { now }, 5, {}
local documents, written, sets, ends = {}, {}, {}, {}

-- A term stands in terms from its place on: version, from, until, loaded, requests, how long a key is remembered, feature,
-- how many buckets and gates, buckets (name, limit, keep, kind and id), gates (name, step, burst).
for share = 1, quick do
  local value, isDone = values[share], false
  local before, setsBefore, from = #out, #sets, cursor
  cursor = cursor + 1 + 4 * asked[cursor]
  repeat
    if not value or string.byte(value) ~= FORMAT then break end
    local low, high = string.byte(value, 2, 3)
    local count = low + 256 * high
    if #value < 44 + 24 * count then break end
    local t = { struct.unpack(formOf(count), value) }
    local last = FIRST + 3 * count
    local names = string.sub(value, t[last])
    t[last] = nil
    if t[7] <= now then break end
    local places = layoutOf(names)
    if places[0] ~= count then break end
    local isAnswered = true
    for run = from + 1, cursor - 4, 4 do
      local term, amount, many, key = asked[run], asked[run + 1], asked[run + 2], asked[run + 3]
      local marker, version = t[5] > now and t[4] or -1, terms[term]
      local isFresh = true
      if terms[term + 3] == 1 then
        if version >= marker then t[4], t[5] = version, now + MINUTES15 end
      elseif version ~= marker or now < terms[term + 1] or now >= terms[term + 2] then
        isFresh = false
      else
        t[5] = now + MINUTES15
      end
      local buckets, gates = terms[term + 7], terms[term + 8]
      local bucket = term + 9
      local at = places[terms[bucket]]
      if t[5] > t[6] or key > 0 and foreign or not at or buckets ~= 1 or t[at + 2] < terms[bucket + 2] or t[at + 1] > 0 then
        isAnswered = false
        break
      end
      local limit = terms[bucket + 1]
      if isFresh and key == 0 and gates == 0 and many > 1 and limit - t[at] >= many * amount then
        out[#out + 1] = -16
        out[#out + 1] = many
        out[#out + 1] = t[at] > EXACT and string.format('%.0f', t[at]) or t[at]
        t[at] = t[at] + many * amount
      else
        for turn = 0, many - 1 do
          local name
          if key > 0 then
            -- Seen before, or by a neighbour in this call.
            name = KEYS[key + turn]
            if values[key + turn] or documents[name] then isAnswered = false end
          end
          local opens
          for gate = term + 13, term + 10 + 3 * gates, 3 do
            local place = places[terms[gate]]
            if not place then isAnswered = false break end
            local step = terms[gate + 1]
            local next = math.max(t[place], now * 1000) + step * terms[term + 4]
            local room = step * terms[gate + 2]
            if next - now * 1000 > room then
              local retry = math.ceil((next - room) / 1000)
              if not opens or retry > opens then opens = retry end
            end
          end
          if not isAnswered then break end
          if not isFresh then
            out[#out + 1] = -5
            out[#out + 1] = marker
          else
            local isTaken = not opens and limit - t[at] >= amount
            if isTaken then
              t[at] = t[at] + amount
              if name then
                documents[name] = true
                sets[#sets + 1] = name
                sets[#sets + 1] = struct.pack('<c1dd', 'S', now + terms[term + 5], amount) .. terms[term + 6] .. '\\n' .. terms[bucket + 3]
                ends[#sets] = terms[term + 5]
              end
            else
              out[#out + 1] = -3
              out[#out + 1] = opens and 1 or 2
              out[#out + 1] = opens or 0
            end
            local used = t[at]
            out[#out + 1] = used > EXACT and string.format('%.0f', used) or used
            if not isTaken then out[#out + 1] = 0 end
            for gate = term + 13, term + 10 + 3 * gates, 3 do
              local place, step = places[terms[gate]], terms[gate + 1]
              local arrival = math.max(t[place], now * 1000)
              if isTaken then
                arrival = arrival + step * terms[term + 4]
                t[place], t[place + 2] = arrival, math.ceil(arrival / 1000)
                if t[place + 2] > t[6] then isAnswered = false end
              end
              out[#out + 1] = math.max(0, math.floor((step * terms[gate + 2] - (arrival - now * 1000)) / step))
              out[#out + 1] = math.ceil(arrival / 1000)
            end
          end
        end
      end
      if not isAnswered then break end
    end
    if not isAnswered then break end
    written[#written + 1] = share
    documents[share] = struct.pack(formOf(count), unpack(t)) .. names
    isDone = true
  until true
  if not isDone then
    for index = #out, before + 1, -1 do out[index] = nil end
    for index = #sets, setsBefore + 1, -1 do
      if index % 2 == 1 then documents[sets[index]] = nil end
      sets[index] = nil
    end
    out[#out + 1] = 0
    later[#later + 1] = share
    later[#later + 1] = from
  end
end
`

/** The end of the script: writes what the first part worked out. */
export const writeSource: string = `
local endsOf = {}
for from = 1, #sets, 2000 do redis.call('MSET', unpack(sets, from, math.min(from + 1999, #sets))) end
for index = 2, #sets, 2 do
  local lasts = ends[index]
  if not endsOf[lasts] then endsOf[lasts] = string.format('%.0f', host + lasts + 60000) end
  redis.call('PEXPIREAT', sets[index - 1], endsOf[lasts])
end
for _, share in ipairs(written) do redis.call('SET', KEYS[share], documents[share], 'KEEPTTL') end
return out
`
