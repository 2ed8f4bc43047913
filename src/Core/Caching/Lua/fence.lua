-- Sees to it that no version below the given one is served from here or stored here: an older entry gives way to a
-- tombstone, which outlives every reader that could still hold an older row.
-- KEYS  1 entry
-- ARGV  1 version  2 keep ms
local order = string.match(redis.call('GETRANGE', KEYS[1], 0, 31), '^%u (%d+) ')
if order and tonumber(order) >= tonumber(ARGV[1]) then
  return 0
end
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('SET', KEYS[1], 'T ' .. ARGV[1] .. ' ' .. now .. ' 0 - -\n', 'PX', ARGV[2])
return 1
