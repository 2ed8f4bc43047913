-- Takes one of a server's permits for a heavy query. They are leases over the whole fleet, by Redis' own clock.
-- KEYS  1 permits: a sorted set of tokens by deadline
-- ARGV  1 token  2 how many there are  3 lease ms
-- Reply 1 when it was taken, 0 when all are out
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local deadline = string.format('%.0f', now + ARGV[3])

-- No lease is longer than one: what ends later was given before the clock was set back.
for _, token in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. deadline, '+inf')) do
  redis.call('ZADD', KEYS[1], deadline, token)
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))

if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
  return 0
end
redis.call('ZADD', KEYS[1], deadline, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
