-- Removes batches from the front of the queue, as far as they are the ones named: another may have been quicker.
-- KEYS  1 queue
-- ARGV  the batches' first lines, in order
-- Reply how many were removed
for i = 1, #ARGV do
  local batch = redis.call('LINDEX', KEYS[1], 0)
  if not batch or string.match(batch, '^[^\n]*') ~= ARGV[i] then
    return i - 1
  end
  redis.call('LPOP', KEYS[1])
end
return #ARGV
