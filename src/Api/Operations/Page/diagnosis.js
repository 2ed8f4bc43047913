const mostFindings = 5;
const mostQueries = 5;
const diagnosisInterval = 60_000;
let diagnosisAskedAt = -Infinity;

// The newest report is made by a timer, so it is asked for far less often than the rest.
async function showDiagnosis(path) {
  if (path === null) {
    diagnosisIsMissing('There is no report to show: no storage for reports is set (Reports__Connection or Reports__AccountUrl).');
    return;
  }
  if (performance.now() - diagnosisAskedAt < diagnosisInterval)
    return;
  diagnosisAskedAt = performance.now();
  const answer = await ask('diagnosis?format=json');
  if (answer.status === 200 && answer.document !== null)
    showReport(answer.document);
  else
    diagnosisIsMissing(reasonOf(answer));
}

function diagnosisIsMissing(why) {
  say(byId('diagnosis-note'), why);
  show(byId('diagnosis-found'), false);
  show(byId('diagnosis-link'), false);
}

function showReport(report) {
  const findings = report.findings.slice(0, mostFindings);
  say(byId('diagnosis-note'),
    `Report of ${day(report.at)}: ${count(report.findings.length, 'finding')}${report.findings.length > findings.length ? `, the first ${findings.length} of them here` : ''}${key === null ? '' : '. The whole report, with numbers and remedies, is at /api/ops/diagnosis'}.`);
  const list = byId('finding-list');
  list.replaceChildren(...findings.map(finding => make('li', {}, mark(finding.severity, finding.severity),
    make('span', {}, make('bdi', { class: 'subject' }, cut(finding.subject, 100)), ': ', make('bdi', {}, cut(finding.what, 300))))));
  show(list, findings.length > 0);
  show(byId('findings'), findings.length > 0);
  table(
    byId('query-table'),
    [{ name: 'Statement', kind: 'wide' }, ...['Share', 'Mean', 'Calls'].map(name => ({ name, kind: 'number' })), { name: 'Server' }],
    report.queries.slice(0, mostQueries).map(query => [
      make('code', {}, cut(query.text, 160)), percent(query.share), milliseconds(query.meanMs), number(query.calls), query.server,
    ]),
    'No statement is known to have taken time.');
  show(byId('diagnosis-found'), true);
  // Opening it needs the key in its address, and there the key would stay.
  byId('diagnosis-link').firstElementChild.href = new URL('diagnosis', pageFolder);
  show(byId('diagnosis-link'), key === null);
}

function cut(text, most) {
  return text.length > most ? `${text.slice(0, most)} …` : text;
}
