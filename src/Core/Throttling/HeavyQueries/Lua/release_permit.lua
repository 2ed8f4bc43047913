-- Gives a permit back; one whose lease has ended is gone already.
-- KEYS  1 permits
-- ARGV  1 token
return redis.call('ZREM', KEYS[1], ARGV[1])
