/**
 * The first part of the script: reads, and counts what most calls are about: customers who have counted before, one counter,
 * any gates, and the same again and again. It declares no functions, for those would be made anew in every call, which most calls
 * need none of.
 *
 * A customer's document is one string: a format byte, the number of entries, whether counters are archived, then doubles
 * (until when the side keys live, the marker, until when the document lives, when the first held reservation expires,
 * until when the marker counts), three more for each entry, and the entries' names. An entry is a counter (used, reserved, kept until) or
 * a gate (its state, 0, until when it matters).
 *
 * `ARGV`: two lists as JSON, the number of the call or none, whether the name of such numbers, the last of `KEYS`, is to be kept for
 * longer, present or -1. `asked`: how many of `KEYS` are strings, how many groups, customers to answer quickly, customers to answer
 * thoroughly, and then those. The customers of a group, who follow each other in `KEYS` as their keys do, ask for the same. `terms`: what
 * is asked for, each from its place on: version, from, until, loaded, requests, how long a key is remembered, feature, how many
 * buckets and gates, buckets (name, limit, keep, kind and id), gates (name, step, burst).
 *
 * Most calls are a sole group without keys and gates, and decoding lists would take as long as everything else. Then `ARGV` holds, in place
 * of the lists, after present: amount, how many times each, version, from, until, name, limit, keep.
 *
 * `values` are the documents of the call, each under the place of its name in `KEYS`. Whether one that is not a string is absent, and what
 * is kept of a key, is asked where it matters.
 *
 * Nothing of a customer is written before everything that is asked about the customer has been worked out, so that whatever
 * can fail fails before.
 */
export const plainSource: string = String.raw`
local KEYS, ARGV, call = KEYS, ARGV, redis.call
local NEVER, MINUTES15 = 9007199254740992, 900000
local FORMAT, FIRST, EXACT = 1, 9, 4503599627370496

if ARGV[2] ~= '' then
  if call('SETBIT', KEYS[#KEYS], ARGV[2], '1') == 1 then return redis.error_reply('RESENT This call was made before') end
  if ARGV[3] == '1' then call('PEXPIRE', KEYS[#KEYS], 3600000) end
end
local clock = call('TIME')
local host = clock[1] * 1000 + (clock[2] - clock[2] % 1000) / 1000
local now = tonumber(ARGV[4])
if now < 0 then now = host end

local asked, terms
if ARGV[5] then
  local number, customers = tonumber, #KEYS - 1
  asked = { customers, 1, 0, 0, 1, number(ARGV[5]), number(ARGV[6]), customers, 0 }
  terms = { number(ARGV[7]), number(ARGV[8]), number(ARGV[9]), 0, 1, 0, '', 1, 0, ARGV[10], number(ARGV[11]), number(ARGV[12]), '' }
else
  asked, terms = unpack(cjson.decode(ARGV[1]))
end
local strings, quick, thorough, plain = asked[1], asked[3], asked[4], 0
for group = 5, 5 * asked[2], 5 do plain = plain + asked[group + 3] end
local documents = plain + quick + thorough
local values = call('MGET', unpack(KEYS, 1, math.min(documents, 1000)))
for from = 1001, documents, 1000 do
  local some = call('MGET', unpack(KEYS, from, math.min(from + 999, documents)))
  for index = 1, #some do values[from + index - 1] = some[index] end
end

local byte, sub, ceil, decode, encode = string.byte, string.sub, math.ceil, struct.unpack, struct.pack
local fresh, present = now + MINUTES15, now * 1000
local out, size, rest, share, arrivals = { now }, 1, {}, 0, {}

for group = 5, 5 * asked[2], 5 do
  local term, amount, many, key = asked[group], asked[group + 1], asked[group + 2], asked[group + 4]
  local name, limit, keeps, asks = terms[term + 9], terms[term + 10], terms[term + 11], terms[term]
  local isHeld, cost = now >= terms[term + 1] and now < terms[term + 2], many * amount
  local requests, firstGate, lastGate = terms[term + 4] * many, term + 13, term + 10 + 3 * terms[term + 8]
  local record, ends, lastNames, lastCount, places, offset
  if key > 0 then
    ends = string.format('%.0f', host + terms[term + 5] + 60000)
    record = encode('<c1dd', 'S', now + terms[term + 5], amount) .. terms[term + 6] .. '\n' .. terms[term + 12]
  end
  for nth = 0, asked[group + 3] - 1 do
    share = share + 1
    local value, isDone = values[share] or '', false
    repeat
      if #value < 68 then break end
      local format, count, _, _, version, lives, due, marker, used, reserved, keep = decode('<BHBdddddddd', value)
      if format ~= FORMAT then break end
      local names = sub(value, 45 + 24 * count)
      if names ~= lastNames or count ~= lastCount then
        local entries = 0
        lastNames, lastCount, places = names, count, {}
        for entry in string.gmatch(names, '[^\n]+') do
          places[entry] = 44 + 24 * entries
          entries = entries + 1
        end
        offset = entries == count and places[name]
      end
      if not offset then break end
      if offset > 44 then used, reserved, keep = decode('<ddd', value, offset + 1) end
      if due <= now or reserved > 0 or fresh > lives or keeps > keep then break end
      local isFresh = isHeld and marker > now and version == asks
      local granted, isOpen = many, true
      for gate = firstGate, isFresh and lastGate or 0, 3 do
        local at, step = places[terms[gate]], terms[gate + 1]
        local state = at and decode('<d', value, at + 1) or NEVER
        if state < present then state = present end
        local after = state + step * requests
        isOpen = isOpen and after - present <= step * terms[gate + 2] and after <= lives * 1000 and after < NEVER
        arrivals[gate] = after
      end
      if not isFresh or not isOpen or limit - used < cost then
        if key > 0 or isFresh and firstGate <= lastGate then break end
        granted = isFresh and math.max(0, math.floor((limit - used) / amount)) or 0
      elseif key > 0 then
        local first, made = key + nth * many, 0
        while made < many and call('SET', KEYS[first + made], record, 'NX', 'PXAT', ends) do made = made + 1 end
        if made < many then
          for index = first, first + made - 1 do call('DEL', KEYS[index]) end
          break
        end
      end
      isDone = true
      local told = marker > now and version or -1
      if isFresh then
        told = used + granted * amount
        local change = offset == 44 and encode('<dd', fresh, told) or encode('<d', fresh) .. sub(value, 45, offset) .. encode('<d', told)
        for gate = firstGate, lastGate, 3 do
          local at, after = places[terms[gate]], arrivals[gate]
          change = sub(change, 1, at - 36) .. sub(value, 37 + #change, at) .. encode('<ddd', after, 0, ceil(after / 1000)) .. sub(change, at - 11)
        end
        call('SETRANGE', KEYS[share], '36', change)
      end
      told = told > EXACT and string.format('%.0f', told) or told
      if granted < many then
        out[size + 1], out[size + 2] = -18, granted
        size = size + 2
      end
      size = size + 1
      out[size] = told
      for left = isFresh and many - 1 or -1, 0, -1 do
        for gate = firstGate, lastGate, 3 do
          local after = arrivals[gate] - terms[gate + 1] * terms[term + 4] * left
          size = size + 1
          out[size] = after > EXACT and string.format('%.0f', after) or after
        end
      end
      for _ = granted + 1, many do
        if isFresh then
          out[size + 1], out[size + 2], out[size + 3], out[size + 4], out[size + 5] = -3, 2, 0, told, 0
          size = size + 5
        else
          out[size + 1], out[size + 2] = -5, told
          size = size + 2
        end
      end
    until true
    if not isDone then
      size = size + 1
      out[size] = 0
      local from = #asked + 1
      asked[from], asked[from + 1], asked[from + 2], asked[from + 3], asked[from + 4] = 1, term, amount, many, key > 0 and key + nth * many or 0
      rest[#rest + 1], rest[#rest + 2] = share, from
    end
  end
end

local cursor = 5 + 5 * asked[2]
for index = share + 1, share + quick do
  rest[#rest + 1], rest[#rest + 2] = index, cursor
  cursor = cursor + 1 + 4 * asked[cursor]
end
`
