-- Takes what an instance has seen and opens the breaker when the fleet as a whole has seen enough.
-- ARGV  8 failures  9 slow calls  10 successes, the slow ones included; of its window, all in the epoch that it knows
--       11 12 13 the same of the window's latest part
--       14 failures that open  15 failure ratio that opens  16 slow calls that open  17 slow ratio that opens
local report = table.concat({ digits(now), ARGV[2], ARGV[8], ARGV[9], ARGV[10], ARGV[11], ARGV[12], ARGV[13] }, ' ')
instances[instance] = report
redis.call('HSET', key, 'i:' .. instance, report)
set('seen', now)

-- The fleet's evidence: first is the place of the counts among the numbers of a report.
local function sum(first)
  local all = { failures = 0, slow = 0, calls = 0, callers = 0, failing = 0, slowed = 0 }
  for _, seen in pairs(instances) do
    local numbers = {}
    for number in string.gmatch(seen, '%d+') do
      numbers[#numbers + 1] = tonumber(number)
    end
    local failed, late, succeeded = numbers[first], numbers[first + 1], numbers[first + 2]
    if numbers[2] == breaker.epoch and failed + succeeded > 0 then
      all.failures, all.slow, all.calls, all.callers = all.failures + failed, all.slow + late, all.calls + failed + succeeded, all.callers + 1
      all.failing = all.failing + (failed > 0 and 1 or 0)
      all.slowed = all.slowed + (late > 0 and 1 or 0)
    end
  end
  return all
end

local function weigh(all)
  -- One instance of several may be the sick one itself, and then takes itself out.
  local voices = live() == 1 and 1 or math.max(2, math.ceil(all.callers / 3))
  if all.failures >= tonumber(ARGV[14]) and all.failures >= tonumber(ARGV[15]) * all.calls and all.failing >= voices then
    open(string.format('%.0f of %.0f calls failed, on %.0f of %.0f instances', all.failures, all.calls, all.failing, live()))
  elseif all.slow >= tonumber(ARGV[16]) and all.slow >= tonumber(ARGV[17]) * all.calls and all.slowed >= voices then
    open(string.format('%.0f of %.0f calls were slow, on %.0f of %.0f instances', all.slow, all.calls, all.slowed, live()))
  end
end

for _, first in ipairs({ 6, 3 }) do
  if breaker.state == 'closed' and breaker.forced == '-' and live() > 0 then
    weigh(sum(first))
  end
end

return reply('-')
