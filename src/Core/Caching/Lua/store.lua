-- Stores an entry unless a newer one is there, gives the lease back, wakes who waits for it.
-- KEYS  1 entry  2 lease  3 position of the last write
-- ARGV  1 kind (P present, N negative)  2 order  3 fresh ms  4 keep ms  5 owner and entity tag  6 body
--       7 lease token, or ''  8 invalidation to push, or ''  9 position of this write in the primary's log, or ''
-- Reply {'S', stored at} or {'E', the newer entry}
local order = string.match(redis.call('GETRANGE', KEYS[1], 0, 31), '^%u (%d+) ')
local reply
if order and tonumber(order) > tonumber(ARGV[2]) then
  reply = { 'E', redis.call('GET', KEYS[1]) }
else
  local time = redis.call('TIME')
  local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
  redis.call('SET', KEYS[1], table.concat({ ARGV[1], ARGV[2], now, ARGV[3], ARGV[5] }, ' ') .. '\n' .. ARGV[6], 'PX', ARGV[4])
  reply = { 'S', now }
end

-- A minute is enough: a replica that is further behind than Postgres:MaxReplicaLag, 30 s at most, is not read at all.
if ARGV[9] ~= '' then
  local known = redis.call('GET', KEYS[3])
  local position = ARGV[9]
  if known and (tonumber(known) or 0) > tonumber(position) then
    position = known
  end
  redis.call('SET', KEYS[3], position, 'PX', 60000)
end

local lease = redis.call('HMGET', KEYS[2], 'token', 'waiters')
if lease[1] and lease[1] == ARGV[7] then
  redis.call('DEL', KEYS[2])
end
if lease[2] then
  redis.call('PUBLISH', 'tb:loaded', KEYS[1])
end
if ARGV[8] ~= '' then
  redis.call('PUBLISH', 'tb:invalidations', ARGV[8])
end
return reply
