-- An operator's order: holds the breaker open or closed for a time, or gives it back to the evidence.
-- ARGV  8 open, closed or auto  9 ms that the order holds  10 who gave it  11 why  12 until when it may be taken, ms by this clock
-- Granted: 'taken', or '-' when it came too late: who gave it has been told that the fleet was not reached.
if now > tonumber(ARGV[12]) then
  return reply('-')
end

if ARGV[8] ~= 'auto' then
  -- What was held open is closed by a ramp afterwards, what was held closed is not.
  set('streak', ARGV[8] == 'open' and 1 or 0)
  enter(ARGV[8], tonumber(ARGV[9]), ARGV[11])
  set('forced', ARGV[8])
  set('by', ARGV[10])
elseif breaker.forced ~= '-' then
  -- What was held open is probed next, so that it closes only if the server is well.
  enter(breaker.state == 'open' and 'half-open' or 'closed', 0, ARGV[11])
  set('by', ARGV[10])
end
return reply('taken')
