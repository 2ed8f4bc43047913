const interval = 5_000;
const longestPause = 60_000;
let timer = null;
let asking = null;
let failures = 0;
let shownAt = null;
let isPaused = false;
// The key will not become right by asking again.
let isRefused = false;

function poll() {
  asking ??= pollOnce().finally(() => { asking = null; });
  return asking;
}

async function pollOnce() {
  clearTimeout(timer);
  const answer = await ask('fleet');
  if (answer.status === 200 && answer.document !== null) {
    failures = 0;
    isRefused = false;
    shownAt = Date.now();
    showFleet(answer.document);
  } else {
    failures++;
    isRefused = answer.status === 401 || answer.status === 403;
  }
  const wait = failures === 0 ? interval : Math.max(answer.retryAfter * 1_000, Math.min(longestPause, interval * 2 ** Math.min(failures - 1, 10)));
  showConnection(answer);
  if (!isPaused && !document.hidden && !isRefused)
    timer = setTimeout(poll, wait);
}

function showFleet(fleet) {
  showVerdict(fleet);
  say(byId('when'), `${timeOfDay(fleet.at)}, told by ${fleet.instance}; ${count(fleet.instances.length, 'instance')}`);
  showRequests(fleet.requests);
  showBreakers(fleet);
  showCache(fleet.cache);
  showServers(fleet.instances);
  showLimits(fleet.instances);
  showInstances(fleet);
  showDiagnosis(fleet.instances[0].status.diagnosis);
}

// Said again only when the state changes; what changes with every try is no part of it.
function showConnection(answer) {
  const isLost = failures > 0;
  document.body.classList.toggle('lost', isLost);
  const old = shownAt === null ? 'Nothing has been shown yet.' : `What you see is of ${timeOfDay(shownAt)}.`;
  if (isRefused)
    say(byId('connection'), `${reasonOf(answer)} ${old}`);
  else if (isLost)
    say(byId('connection'), `${reasonOf(answer)} ${old} It is asked again by itself, less and less often.`);
  else
    say(byId('connection'), isPaused ? 'Paused: what you see does not change.' : `Live: asked every ${duration(interval / 1_000)}.`);
  if (isLost && shownAt === null)
    say(byId('verdict'), 'The fleet could not be asked');
  document.title = isLost ? 'No answer – Operations' : `${byId('verdict').textContent} – Operations`;
}

byId('pause').addEventListener('click', () => {
  isPaused = !isPaused;
  byId('pause').setAttribute('aria-pressed', isPaused);
  if (!isPaused) {
    poll();
  } else {
    clearTimeout(timer);
    say(byId('connection'), 'Paused: what you see does not change.');
  }
});
byId('ask').addEventListener('click', () => {
  diagnosisAskedAt = -Infinity;
  poll();
});
document.addEventListener('visibilitychange', () => {
  if (document.hidden)
    clearTimeout(timer);
  else if (!isPaused && !isRefused)
    poll();
});

poll();
