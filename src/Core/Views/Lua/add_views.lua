-- Puts a batch of views at the end of the queue, once, however often it is sent.
-- KEYS  1 queue  2 last sequence of the sender
-- ARGV  1 sequence  2 batch  3 most batches in the queue  4 keep the sequence for, ms
-- Reply 'Q' it is in the queue, or was before; 'F' the queue is full; then how long the queue is
local length = redis.call('LLEN', KEYS[1])
local last = redis.call('GET', KEYS[2])
if last and tonumber(last) >= tonumber(ARGV[1]) then
  return { 'Q', length }
end
if length >= tonumber(ARGV[3]) then
  return { 'F', length }
end
redis.call('RPUSH', KEYS[1], ARGV[2])
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[4])
return { 'Q', length + 1 }
