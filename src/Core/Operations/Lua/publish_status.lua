-- Tells the fleet how an instance is, and forgets those that have been silent for too long.
-- KEYS  1 statuses by instance: ms by this server's clock, a line break, the status
-- ARGV  1 instance  2 its status  3 ms after which a silent instance is gone
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now) .. '\n' .. ARGV[2])
local statuses = redis.call('HGETALL', KEYS[1])
for i = 1, #statuses, 2 do
  local told = tonumber(string.match(statuses[i + 1], '^%d+'))
  if not told or now - told > tonumber(ARGV[3]) then
    redis.call('HDEL', KEYS[1], statuses[i])
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 'OK'
