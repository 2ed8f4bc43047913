-- What every transition of a shared breaker begins with; the transition follows below it in the same script.
-- One hash holds all there is to know. It has no TTL, so that volatile eviction leaves it alone:
--   epoch state since for streak wins reason forced by     the state, when it was entered, how long it lasts, why
--   born seen probed                                       when the hash was made, last reported to, last probed
--   i:<instance>  reported epoch and six counts          what an instance has seen
--   p:<token>     deadline epoch instance                a probe in flight
--   v:<instance>  1                                      its probe failed while half-open
-- KEYS  1 the breaker
-- ARGV  1 instance  2 epoch that it knows  3 ms after which a silent instance is gone
--       4 first open ms  5 longest open ms  6 factor of this open time (jitter)  7 lease ms
-- Reply lines: granted, epoch, state, ms in it, ms it lasts, streak, live instances (0: not known), probes in flight, forced, by, reason
local key, instance, presented, life = KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local breaker, instances, leases, votes = {}, {}, {}, {}
local numbers = { epoch = true, since = true, ['for'] = true, streak = true, wins = true, born = true, seen = true, probed = true }
local changed = false

local function digits(value)
  return string.format('%.0f', value)
end

local function set(field, value)
  breaker[field] = value
  redis.call('HSET', key, field, type(value) == 'number' and digits(value) or value)
end

local function drop(kind, members)
  for name in pairs(members) do
    redis.call('HDEL', key, kind .. ':' .. name)
    members[name] = nil
  end
end

local function size(members)
  local count = 0
  for _ in pairs(members) do
    count = count + 1
  end
  return count
end

local function enter(state, length, reason)
  set('epoch', breaker.epoch + 1)
  set('state', state)
  set('since', now)
  set('for', length)
  set('wins', 0)
  set('reason', reason)
  set('forced', '-')
  set('by', '-')
  drop('v', votes)
  changed = true
end

-- Each time longer than the last, unless it has been well for long.
local function open(reason)
  local again = breaker.streak > 0 and (breaker.state ~= 'closed' or now - breaker.since < tonumber(ARGV[5]))
  set('streak', again and math.min(breaker.streak + 1, 30) or 1)
  local length = math.min(tonumber(ARGV[5]), tonumber(ARGV[4]) * 2 ^ (breaker.streak - 1))
  enter('open', math.floor(length * tonumber(ARGV[6])), reason)
end

local function live()
  return now - breaker.born >= life and size(instances) or 0
end

-- Whose probe failed may be the sick one itself: two of a fleet are believed, or the only one there is.
local function tally()
  if breaker.state == 'half-open' and size(votes) >= (live() == 1 and 1 or 2) then
    open('probes failed')
  end
end

local function reply(granted)
  local state = table.concat({
    digits(breaker.epoch), breaker.state, digits(now - breaker.since), digits(breaker['for']), digits(breaker.streak),
    digits(live()), digits(size(leases)), breaker.forced, breaker.by, breaker.reason,
  }, '\n')
  if changed then
    redis.call('PUBLISH', 'tb:breakers', string.match(key, '^tb:{breaker:(.*)}$') .. '\n' .. state)
  end
  return granted .. '\n' .. state
end

local stored = redis.call('HGETALL', key)
for i = 1, #stored, 2 do
  local kind, name = string.match(stored[i], '^(%l):(.+)$')
  if kind == 'i' then
    instances[name] = stored[i + 1]
  elseif kind == 'p' then
    leases[name] = stored[i + 1]
  elseif kind == 'v' then
    votes[name] = true
  else
    breaker[stored[i]] = numbers[stored[i]] and tonumber(stored[i + 1]) or stored[i + 1]
  end
end

-- Nothing there: never made, evicted or flushed. Closed is safe, since every instance has a breaker of its own underneath.
if not breaker.state then
  set('epoch', presented)
  set('streak', 0)
  set('born', now)
  set('seen', now)
  set('probed', 0)
  enter('closed', 0, 'new')
end

-- An epoch that somebody has seen already is never given to another state.
if presented > breaker.epoch then
  set('epoch', presented + 1)
  changed = true
end

-- The clock was set, or nobody has reported for long: what was reported says nothing, nor does who did not report.
if now < breaker.seen - 1000 or now - breaker.seen > life then
  drop('i', instances)
  set('born', now)
  set('seen', now)
end
if now < breaker.since then
  set('since', now)
end
if breaker.probed > now then
  set('probed', now)
end

for name, report in pairs(instances) do
  local reported = tonumber(string.match(report, '^%d+'))
  if now - reported > life then
    redis.call('HDEL', key, 'i:' .. name)
    instances[name] = nil
  end
end
for token, lease in pairs(leases) do
  local deadline, rest = string.match(lease, '^(%d+)(.*)$')
  if tonumber(deadline) <= now then
    redis.call('HDEL', key, 'p:' .. token)
    leases[token] = nil
  elseif tonumber(deadline) > now + tonumber(ARGV[7]) then
    leases[token] = digits(now + tonumber(ARGV[7])) .. rest
    redis.call('HSET', key, 'p:' .. token, leases[token])
  end
end

-- An order that has run out leaves the state that it put here, which goes on by itself.
if breaker.forced ~= '-' and now - breaker.since >= breaker['for'] then
  set('forced', '-')
  set('by', '-')
end
