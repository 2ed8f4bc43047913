-- Takes the result of a probe. Its slot is free again; the result counts only in the epoch in which the probe was let go.
-- ARGV  8 token  9 '1' when it succeeded  10 successes that close
local lease = leases[ARGV[8]]
if not lease then
  return reply('-')
end
leases[ARGV[8]] = nil
redis.call('HDEL', key, 'p:' .. ARGV[8])

if breaker.forced ~= '-' or breaker.state == 'closed' or tonumber(string.match(lease, '^%d+ (%d+)')) ~= breaker.epoch then
  return reply('-')
end

if ARGV[9] == '1' then
  if breaker.state == 'open' then
    enter('half-open', 0, 'a probe succeeded')
  end
  set('wins', breaker.wins + 1)
  if breaker.wins >= tonumber(ARGV[10]) then
    enter('closed', 0, 'probes succeeded')
  end
elseif breaker.state == 'half-open' then
  votes[instance] = true
  set('v:' .. instance, '1')
  tally()
end
return reply('-')
