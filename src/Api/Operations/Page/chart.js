const chartWidth = 600;
const chartHeight = 120;

// Lines over time, each told apart by its dashes as well as by its colour. What the drawing shows is said by its label and by the table below.
function chart(figure, { title, lines, format, least }, points) {
  if (!figure.firstChild) {
    const svg = drawing('svg', { viewBox: `0 0 ${chartWidth} ${chartHeight}`, preserveAspectRatio: 'none', role: 'img' });
    for (const height of [0, chartHeight / 2, chartHeight])
      svg.append(drawing('path', { class: 'grid', d: `M0 ${height}H${chartWidth}` }));
    lines.forEach((_, i) => svg.append(drawing('path', { class: `line line-${i + 1}` })));
    figure.append(
      make('figcaption', {}, make('span', {}, title)),
      make('ul', { class: 'legend' }, ...lines.map((line, i) => legend(line, i))),
      make('div', { class: 'plot' }, make('span', { class: 'most', 'aria-hidden': 'true' }), make('span', { class: 'least', 'aria-hidden': 'true' }, '0'), svg),
      make('p', { class: 'span', 'aria-hidden': 'true' }, make('span'), make('span')));
  }

  const values = lines.flatMap(line => points.map(line.of)).filter(value => value !== null);
  const top = ceiling(Math.max(least, ...values));
  const svg = figure.querySelector('.plot svg');
  const latest = line => points.map(line.of).findLast(value => value !== null) ?? null;
  say(figure.querySelector('.most'), format(top));
  lines.forEach((line, i) => {
    svg.querySelector(`.line-${i + 1}`).setAttribute('d', trace(points.map(line.of), top));
    say(figure.querySelectorAll('.legend strong')[i], latest(line) === null ? unknown : format(latest(line)));
  });
  const [from, to] = figure.querySelectorAll('.span span');
  say(from, points.length > 0 ? timeOfDay(points[0].at) : '');
  say(to, points.length > 0 ? timeOfDay(points.at(-1).at) : '');
  svg.setAttribute('aria-label', label(title, points, lines, latest, format));
}

function legend(line, i) {
  const sample = drawing('svg', { viewBox: '0 0 22 6', 'aria-hidden': 'true' });
  sample.append(drawing('path', { class: `line line-${i + 1}`, d: 'M0 3H22' }));
  return make('li', {}, sample, make('span', {}, line.name), make('strong'));
}

function label(title, points, lines, latest, format) {
  if (points.every(point => lines.every(line => line.of(point) === null)))
    return `${title}: nothing in the last five minutes.`;
  const said = lines.map(line => {
    const known = points.map(line.of).filter(value => value !== null);
    return known.length === 0 ? `${line.name} ${unknown}` : `${line.name} last ${format(latest(line))}, most ${format(Math.max(...known))}`;
  });
  return `${title} from ${timeOfDay(points[0].at)} to ${timeOfDay(points.at(-1).at)}: ${said.join('; ')}.`;
}

// Broken where nothing is known; a point without neighbours is drawn as a dot, which round ends make of no length.
function trace(values, top) {
  const step = values.length > 1 ? chartWidth / (values.length - 1) : 0;
  let path = '';
  values.forEach((value, i) => {
    if (value === null)
      return;
    const follows = i > 0 && values[i - 1] !== null;
    const leads = i + 1 < values.length && values[i + 1] !== null;
    path += `${follows ? 'L' : 'M'}${(i * step).toFixed(1)} ${((1 - value / top) * chartHeight).toFixed(1)}${follows || leads ? '' : 'h0'}`;
  });
  return path;
}

// The next of 1, 2, 5 and their tens, so that the scale is read easily and does not tremble.
function ceiling(value) {
  const ten = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(step => step * ten).find(step => step >= value);
}

function drawing(name, attributes) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [attribute, value] of Object.entries(attributes))
    element.setAttribute(attribute, value);
  return element;
}
