/** The fifth part of the script: settle and release. */
export const endingsSource: string = `
local function roomOf(c, name, limit)
  local at = find(c, name)
  return math.max(0, limit - (at and c.t[at] + c.t[at + 1] or 0))
end

-- One draw for each bucket, in the order in which they were drawn first.
local function plus(draws, bucket, amount)
  if amount == 0 then return end
  for index = 1, #draws, 2 do
    if draws[index] == bucket then
      draws[index + 1] = draws[index + 1] + amount
      return
    end
  end
  draws[#draws + 1] = bucket
  draws[#draws + 1] = amount
end

local function settle(c, feature, id, amount)
  local field = 'r' .. feature .. ',' .. id
  local held = recall(c, field)
  if not held or held[1] ~= 0 then
    local ended = held and held[3] > now and held
    if ended and ended[1] == 1 and ended[2] == amount then
      answer(-6)
      answer(amount)
      answer(1)
      return listed(ended[4])
    end
    answer(-8)
    return answer(ended and ended[1] or 0)
  end
  local over = feature .. ',' .. string.sub(held[8], 2)
  local most = held[2] + math.min(held[3], roomOf(c, over, MOST))
  if amount > most then
    answer(-7)
    return answer(most)
  end
  local counted, rest = {}, math.min(amount, held[2])
  for index = 1, #held[10], 2 do
    local part = math.min(rest, held[10][index + 1])
    plus(counted, held[10][index], part)
    rest = rest - part
  end
  move(c, feature, held[10], counted)
  rest = math.max(0, amount - held[2])
  for index = 1, #held[11], 3 do
    local name = feature .. ',' .. string.sub(held[11][index], 2)
    local part = math.min(rest, roomOf(c, name, held[11][index + 1]))
    if part > 0 then
      local at = ensure(c, name, held[11][index + 2])
      c.t[at] = c.t[at] + part
      plus(counted, held[11][index], part)
      rest = rest - part
    end
  end
  if rest > 0 then
    local at = ensure(c, over, held[9])
    c.t[at] = c.t[at] + rest
    plus(counted, held[8], rest)
  end
  finish(c, field, held, 1, amount, counted, now + DAY)
  answer(-6)
  answer(amount)
  answer(0)
  listed(counted)
end

local function release(c, feature, id)
  local field = 'r' .. feature .. ',' .. id
  local held = recall(c, field)
  if held and held[1] == 0 then
    move(c, feature, held[10], {})
    finish(c, field, held, 2, 0, held[10], now + DAY)
  elseif not held or held[3] <= now or held[1] ~= 2 then
    answer(-8)
    return answer(held and held[3] > now and held[1] or 0)
  end
  answer(-6)
  answer(0)
  answer(held[1] == 0 and 0 or 1)
  listed(held[1] == 0 and held[10] or held[4])
end

-- Takes all of it off the counters, or nothing where one of them does not hold as much.
local function giveBack(c, feature, draws)
  local sums = {}
  for index = 1, #draws, 2 do plus(sums, string.sub(draws[index], 2), draws[index + 1]) end
  for index = 1, #sums, 2 do
    local at = find(c, feature .. ',' .. sums[index])
    if (at and c.t[at] or 0) < sums[index + 1] then
      answer(-8)
      answer(0)
      return false
    end
  end
  for index = 1, #sums, 2 do
    local at = find(c, feature .. ',' .. sums[index])
    c.t[at] = c.t[at] - sums[index + 1]
  end
  c.dirty = true
  answer(-6)
  answer(0)
  answer(0)
  listed(draws)
  return true
end

local function releaseKey(c, feature, index)
  local known = keyed(c, index)
  if not known or string.sub(known[3], 2) ~= feature then
    answer(-8)
    return answer(0)
  end
  if known[5] then return release(c, feature, known[5]) end
  if giveBack(c, feature, known[4]) then remember(c, index, false) end
end
`
