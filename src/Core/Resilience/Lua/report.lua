-- Takes what an instance has seen and opens the breaker when the fleet as a whole has seen enough.
-- ARGV  8 failures  9 slow calls  10 successes, the slow ones included; of its window, all in the epoch that it knows
--       11 failures that open  12 failure ratio that opens  13 slow calls that open  14 slow ratio that opens
local report = table.concat({ digits(now), ARGV[2], ARGV[8], ARGV[9], ARGV[10] }, ' ')
instances[instance] = report
redis.call('HSET', key, 'i:' .. instance, report)
set('seen', now)

if breaker.state == 'closed' and breaker.forced == '-' and live() > 0 then
  local failures, slow, calls, callers, failing, slowed = 0, 0, 0, 0, 0, 0
  for _, seen in pairs(instances) do
    local epoch, failed, late, succeeded = string.match(seen, '^%d+ (%d+) (%d+) (%d+) (%d+)$')
    failed, late, succeeded = tonumber(failed), tonumber(late), tonumber(succeeded)
    if tonumber(epoch) == breaker.epoch and failed + succeeded > 0 then
      failures, slow, calls, callers = failures + failed, slow + late, calls + failed + succeeded, callers + 1
      failing = failing + (failed > 0 and 1 or 0)
      slowed = slowed + (late > 0 and 1 or 0)
    end
  end

  -- One instance of several may be the sick one itself, and then takes itself out.
  local voices = live() == 1 and 1 or math.max(2, math.ceil(callers / 3))
  if failures >= tonumber(ARGV[11]) and failures >= tonumber(ARGV[12]) * calls and failing >= voices then
    open(string.format('%.0f of %.0f calls failed, on %.0f of %.0f instances', failures, calls, failing, live()))
  elseif slow >= tonumber(ARGV[13]) and slow >= tonumber(ARGV[14]) * calls and slowed >= voices then
    open(string.format('%.0f of %.0f calls were slow, on %.0f of %.0f instances', slow, calls, slowed, live()))
  end
end

return reply('-')
