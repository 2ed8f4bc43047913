-- Takes permits of one policy for one caller: those that are wanted now, and some ahead, which the instance may spend until its lease ends.
-- The limit holds in every window, wherever it begins: a permit counts from here until a window after the last moment at which it can
-- have been spent. One string holds what counts, and is gone when nothing does any more:
--   <slice>:<permits>;...|<closed until>|<instance>:<call>:<until>:<permits>:<ahead>;...
--   those spent, by the slice of the window that they were spent in at the latest; when a caller that was refused was told to come
--   back; what each instance took last
-- KEYS  1 the caller
-- ARGV  1 instance  2 number of this call  3 number of the call before that was answered, 0: none
--       4 permits of that call spent  5 permits spent without the fleet since  6 all spent within the last window  7 ms since the last was
--       8 permits of the policy  9 window ms  10 slice ms  11 lease ms  12 wanted now
-- Reply granted, ahead, ms in which they may be spent, left, ms until more come free; '-' to a call that was overtaken by a later one
local instance, call, answered = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local of_lease, alone, recent = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local permits, window, slice, lease, wanted = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local spent, taken = {}, {}

local function digits(value)
  return string.format('%.0f', value)
end

local function slice_of(moment)
  return math.floor(moment / slice) + 1
end

-- From when on what was spent in a slice counts no more.
local function end_of(at)
  return at * slice + window
end

-- What lies further ahead than anything can was written before the clock was set back.
local function count(at, number)
  at = math.min(at, slice_of(now + lease))
  if number > 0 and end_of(at) > now then
    spent[at] = (spent[at] or 0) + number
  end
end

local stored = redis.call('GET', KEYS[1])
local slices, closed, holders = string.match(stored or '|0|', '^([^|]*)|(%d+)|(.*)$')
-- Permits that come back sooner than was told wait: else whoever was told to come first would be told the longest.
closed = math.min(tonumber(closed), now + lease + slice + window)
for at, number in string.gmatch(slices, '(%d+):(%d+)') do
  count(tonumber(at), tonumber(number))
end
for name, number, ends, held, ahead in string.gmatch(holders, '(%w+):(%d+):(%d+):(%d+):(%d+)') do
  local until_ = math.min(tonumber(ends), now + lease)
  if end_of(slice_of(until_)) > now then
    taken[name] = { call = tonumber(number), until_ = until_, permits = tonumber(held), ahead = tonumber(ahead) }
  end
end

local own = taken[instance]
if own and own.call >= call then
  return '-'
end
local idle = tonumber(ARGV[7])
local spent_at = slice_of(now - idle)
if not stored or (not own and answered > 0) then
  -- The store has lost what it knew: what this instance has let through is all that can be restored. Unless its lease is forgotten
  -- because nothing of it counts any more; the instance, which counts by longer slices, may not know that yet.
  count(spent_at, idle < window and recent or 0)
elseif own and own.call == answered then
  -- However late it is told, what a lease gave was spent before the lease ended.
  count(math.min(spent_at, slice_of(own.until_)), of_lease)
  count(spent_at, alone)
else
  if own then
    -- Its answer was lost, or the instance has forgotten it: it may have been spent.
    count(slice_of(own.until_), own.permits)
  end
  count(spent_at, of_lease + alone)
end
taken[instance] = nil

local used, ahead_of_others = 0, 0
for _, number in pairs(spent) do
  used = used + number
end
for _, holder in pairs(taken) do
  used = used + holder.permits
  ahead_of_others = ahead_of_others + holder.ahead
end

-- Ahead: a tenth of what is left, and half of what keeps all that is held ahead below a tenth of the policy. Without any, those who
-- wait for the answer get theirs within a moment.
local granted = closed > now and 0 or math.min(wanted, math.max(0, permits - used))
local left = permits - used - granted
local ahead = 0
if granted == wanted then
  local room = math.ceil(permits / 10) - 1 - ahead_of_others
  ahead = math.max(0, math.min(math.floor(left / 10), math.ceil(room / 2)))
end
local length = granted == 0 and 0 or ahead == 0 and math.min(lease, 1000) or lease
taken[instance] = { call = call, until_ = now + length + 1, permits = granted + ahead, ahead = ahead }
used = used + granted + ahead

-- When as many have come free as another one takes.
local frees, last = {}, now + 1
for at, number in pairs(spent) do
  frees[#frees + 1] = { at = end_of(at), permits = number }
end
for _, holder in pairs(taken) do
  frees[#frees + 1] = { at = end_of(slice_of(holder.until_)), permits = holder.permits }
end
table.sort(frees, function(one, other) return one.at < other.at end)
local needed, free_at, used_when_open = math.max(1, used - permits + 1), now, 0
for _, free in ipairs(frees) do
  if needed > 0 and free.permits > 0 then
    needed = needed - free.permits
    free_at = free.at
  end
  used_when_open = used_when_open + (free.at > closed and free.permits or 0)
  last = math.max(last, free.at)
end
if granted < wanted then
  if used_when_open >= permits then
    closed = free_at
  end
  free_at = closed
end

slices, holders = {}, {}
for at, number in pairs(spent) do
  slices[#slices + 1] = digits(at) .. ':' .. digits(number)
end
for name, holder in pairs(taken) do
  holders[#holders + 1] = table.concat(
    { name, digits(holder.call), digits(holder.until_), digits(holder.permits), digits(holder.ahead) }, ':')
end
redis.call('SET', KEYS[1], table.concat({ table.concat(slices, ';'), digits(closed), table.concat(holders, ';') }, '|'), 'PX', digits(last - now))
return table.concat({ digits(granted), digits(ahead), digits(length), digits(math.max(0, permits - used)), digits(free_at - now) }, ' ')
