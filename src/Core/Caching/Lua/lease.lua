-- Asks for the right to load an entry. One holder at a time over the fleet, for a limited time by Redis' own clock.
-- KEYS  1 entry  2 lease  3 position of the last write
-- ARGV  1 lease ms  2 when the entry that the caller has seen was stored, 0 for none
-- Reply {'E', entry} when a fresh one has come meanwhile, {'W', ms left} when another loads, {'L', token, position or ''} when the
--       caller is to load, from a server that has got to the position
local kind, order, stored, fresh = string.match(redis.call('GETRANGE', KEYS[1], 0, 95), '^(%u) (%d+) (%d+) (%d+) ')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if kind and kind ~= 'T' and tonumber(stored) > tonumber(ARGV[2]) and tonumber(stored) + tonumber(fresh) > now then
  return { 'E', redis.call('GET', KEYS[1]) }
end

local left = redis.call('PTTL', KEYS[2])
if left > 0 then
  redis.call('HSET', KEYS[2], 'waiters', '1')
  return { 'W', left }
end

-- Tokens grow, even when the clock is set back, because entries without a row version are ordered by them.
local token = time[1] * 1000000 + time[2]
if order and tonumber(order) >= token then
  token = tonumber(order) + 1
end
token = string.format('%.0f', token)
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[2], 'token', token)
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return { 'L', token, redis.call('GET', KEYS[3]) or '' }
