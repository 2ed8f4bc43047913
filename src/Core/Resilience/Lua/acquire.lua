-- Asks for leave to probe. While open, one probe at a time looks for a sign of life; half-open, as many as there are permits.
-- ARGV  8 token  9 permits  10 ms between two probes while open
tally()
if breaker.forced ~= '-' or breaker.state == 'closed' then
  return reply('-')
end

if breaker.state == 'open' and now - breaker.since >= breaker['for'] then
  enter('half-open', 0, 'its open time is over')
end

local permits = breaker.state == 'open' and 1 or tonumber(ARGV[9])
local too_soon = breaker.state == 'open' and now - breaker.probed < tonumber(ARGV[10])
-- Whose probe has failed is not asked again until others have tried.
if votes[instance] or too_soon or size(leases) >= permits then
  return reply('-')
end

local lease = table.concat({ digits(now + tonumber(ARGV[7])), digits(breaker.epoch), instance }, ' ')
leases[ARGV[8]] = lease
redis.call('HSET', key, 'p:' .. ARGV[8], lease)
set('probed', now)
return reply(ARGV[8])
