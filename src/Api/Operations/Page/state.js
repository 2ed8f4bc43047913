const serverTones = { up: 'well', lagging: 'medium', down: 'high', broken: 'high' };
const redisTones = { reachable: 'well', unreachable: 'high', none: 'low' };

function showCache(cache) {
  const row = (name, one) => [
    name, percent(one.hitRatio), number(one.l1Hits), number(one.l2Hits), number(one.misses), number(one.stale),
  ];
  table(
    byId('cache-table'),
    [{ name: 'Time' }, ...['Hit ratio', 'Memory (L1)', 'Redis (L2)', 'Misses', 'Stale'].map(name => ({ name, kind: 'number' }))],
    [row('Last minute', cache.minute), row('Last five minutes', cache.fiveMinutes), row('Since each start', cache.sinceStart)]);
}

function showServers(instances) {
  const seen = Map.groupBy(instances.flatMap(({ status }) => status.postgres), server => server.name);
  table(
    byId('server-table'),
    [{ name: 'Server' }, { name: 'Role' }, { name: 'State' }, ...['Busy', 'Idle', 'Most', 'Lag'].map(name => ({ name, kind: 'number' }))],
    [...seen.values()].map(views => [
      views[0].name, views[0].role, serverState(views), total(views, 'busy'), total(views, 'idle'), total(views, 'max'), lag(views),
    ]));
}

// The instances may differ, since each probes for itself.
function serverState(views) {
  const states = [...Map.groupBy(views, view => view.state)];
  return make('span', {}, ...states.flatMap(([state, of], i) => [
    ...(i > 0 ? [' '] : []),
    mark(states.length > 1 ? `${state} for ${number(of.length)}` : state, serverTones[state]),
  ]));
}

function total(views, member) {
  return number(views.reduce((sum, view) => sum + view[member], 0));
}

function lag(views) {
  if (views[0].role === 'primary')
    return 'none';
  const known = views.map(view => view.lagMs).filter(value => value !== null);
  return known.length === 0 ? unknown : milliseconds(Math.max(...known));
}

function showLimits(instances) {
  const states = instances.map(({ status }) => status.redis.state);
  const away = states.filter(state => state === 'unreachable').length;
  const heavy = instances.map(({ status }) => status.limits.heavyQueries);
  const sum = member => heavy.reduce((all, one) => all + one[member], 0);
  tiles(byId('limit-tiles'), [
    ['Redis', states[0], states[0] === 'none' ? 'not configured' : away === 0 ? 'by every instance' : `not by ${number(away)} of ${count(states.length, 'instance')}`],
    ['Heavy queries', number(sum('running')), `running, of ${number(sum('limit'))} at once; ${number(heavy[0].fleetLimit)} on one server`],
    ['Waiting', number(sum('waiting')), 'heavy queries in the queues'],
  ]);
  const policies = Map.groupBy(instances.flatMap(({ status }) => status.limits.rateLimits), limit => limit.policy);
  table(
    byId('policy-table'),
    [{ name: 'Policy' }, ...['Permits', 'Window', 'Callers', 'Refused'].map(name => ({ name, kind: 'number' }))],
    [...policies.values()].map(views => [
      views[0].policy, number(views[0].permits), duration(views[0].windowSeconds), total(views, 'callers'), total(views, 'refused'),
    ]),
    'Rate limits are off.');
}

function showInstances(fleet) {
  const redis = fleet.instances[0].status.redis.state;
  say(byId('instance-note'), fleet.complete ? '' : redis === 'none'
    ? 'Redis is not configured, so instances do not know of each other: this is the one that answered.'
    : 'Redis does not answer, so nothing is known of the others: this is the one that answered, and all figures are its own.');
  table(
    byId('instance-table'),
    [{ name: 'Instance' }, { name: 'Version' }, { name: 'Told' }, ...['Running for', 'Requests', 'p95', 'Errors', 'Hit ratio'].map(name => ({ name, kind: 'number' }))],
    fleet.instances.map(({ status, toldMsAgo, requests, cache }, i) => [
      status.instance + (i === 0 ? ' (answers here)' : ''),
      status.version ?? unknown,
      told(toldMsAgo),
      duration(Math.max(0, (Date.parse(fleet.at) - Date.parse(status.startedAt)) / 1_000)),
      number(requests?.answers), milliseconds(requests?.p95Ms), percent(requests?.failedShare), percent(cache?.hitRatio),
    ]));
}

// Each tells every ten seconds.
function told(msAgo) {
  return msAgo < 25_000 ? msAgo === 0 ? 'now' : `${duration(Math.round(msAgo / 1_000))} ago` : mark(`silent for ${duration(Math.round(msAgo / 1_000))}`, 'medium');
}

// What somebody has to know first, the worst of it first.
function troubles(fleet) {
  const { breakers, redis } = fleet.instances[0].status;
  const servers = Map.groupBy(fleet.instances.flatMap(({ status }) => status.postgres), server => server.name);
  const silent = fleet.instances.filter(one => one.toldMsAgo >= 25_000).length;
  return [
    ...breakers.filter(one => one.state !== 'closed').map(one => ({ tone: breakerTones[one.state], text: `breaker ${one.name} is ${one.state}` })),
    ...[...servers].filter(([, views]) => views.some(view => view.state === 'down')).map(([name]) => ({ tone: 'high', text: `server ${name} does not answer` })),
    ...[...servers].filter(([, views]) => views.some(view => view.state === 'lagging')).map(([name]) => ({ tone: 'medium', text: `server ${name} lags` })),
    ...redis.state === 'unreachable' ? [{ tone: redisTones.unreachable, text: 'Redis does not answer' }] : [],
    ...failing(fleet.requests.fiveMinutes.failedShare),
    ...fleet.cache.minute.stale > 0 ? [{ tone: 'medium', text: 'stale answers are given' }] : [],
    ...silent > 0 ? [{ tone: 'medium', text: `${count(silent, 'instance is', 'instances are')} silent` }] : [],
  ];
}

// Without the share itself, since what is said here is read out whenever it changes. The bound is that of the alert.
function failing(share) {
  if (!share)
    return [];
  return [share > 0.005 ? { tone: 'high', text: 'more than 0.5 % of requests fail' } : { tone: 'medium', text: 'a few requests fail' }];
}

function showVerdict(fleet) {
  const found = troubles(fleet);
  const tone = found.some(one => one.tone === 'high') ? 'high' : found.length > 0 ? 'medium' : 'well';
  const sentence = found.length === 0 ? 'Nothing stands out' : found.map(one => one.text).join('; ');
  say(byId('verdict'), sentence[0].toUpperCase() + sentence.slice(1));
  byId('top').className = `top ${tone}`;
}
