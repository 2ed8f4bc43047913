// The least is what a scale reaches to at least, so that little does not look like much.
const charts = [
  { title: 'Latency', lines: [
    { name: 'p50', of: point => point.figures.p50Ms },
    { name: 'p95', of: point => point.figures.p95Ms },
    { name: 'p99', of: point => point.figures.p99Ms },
  ], format: milliseconds, least: 1 },
  { title: 'Errors', lines: [{ name: 'answers of 500 and above', of: point => point.figures.failedShare }], format: percent, least: 0.01 },
  { title: 'Rate', lines: [{ name: 'answers a second', of: point => point.rate }], format: value => `${number(value)}/s`, least: 1 },
];

function showRequests(requests) {
  const all = requests.fiveMinutes;
  tiles(byId('request-tiles'), [
    ['p50', milliseconds(all.p50Ms), 'of the last five minutes'],
    ['p95', milliseconds(all.p95Ms), 'of the last five minutes'],
    ['p99', milliseconds(all.p99Ms), 'of the last five minutes'],
    ['Errors', percent(all.failedShare), `${number(all.failed)} of ${count(all.answers, 'answer')}`],
  ]);
  const points = requests.course.map(point => ({ ...point, rate: point.figures.answers / requests.slotSeconds }));
  fit(byId('request-charts'), charts.length, () => make('figure', { class: 'chart' }));
  charts.forEach((one, i) => chart(byId('request-charts').children[i], one, points));
  table(
    byId('course'),
    [{ name: 'From' }, ...['Answers', 'Errors', 'p50', 'p95', 'p99'].map(name => ({ name, kind: 'number' }))],
    points.filter(point => point.figures.answers > 0).reverse().map(({ at, figures }) => [
      timeOfDay(at), number(figures.answers), percent(figures.failedShare),
      milliseconds(figures.p50Ms), milliseconds(figures.p95Ms), milliseconds(figures.p99Ms),
    ]),
    'Nothing was asked.');
}
