-- Gives a lease back after a load that failed, so that the next one need not wait for its end.
-- KEYS  1 entry  2 lease
-- ARGV  1 token
local lease = redis.call('HMGET', KEYS[2], 'token', 'waiters')
if not lease[1] or lease[1] ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[2])
if lease[2] then
  redis.call('PUBLISH', 'tb:loaded', KEYS[1])
end
return 1
