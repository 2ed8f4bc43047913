const byId = id => document.getElementById(id);

// What others have written is put in as text only: nothing here makes markup of a string.
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes))
    element.setAttribute(attribute, value);
  element.append(...children);
  return element;
}

// Only what differs is written: a live region says nothing twice, and a selection stays.
function say(element, text) {
  if (element.textContent !== text)
    element.textContent = text;
}

function show(element, visible) {
  element.hidden = !visible;
}

// A state is a word first; its colour only repeats it.
function mark(state, tone) {
  return make('span', { class: `mark ${tone}` }, state);
}

function tiles(list, entries) {
  fit(list, entries.length, () => make('div', {}, make('dt'), make('dd', {}, make('strong'), make('span'))));
  entries.forEach(([name, value, remark], i) => {
    const [term, detail] = list.children[i].children;
    say(term, name);
    say(detail.children[0], value);
    say(detail.children[1], remark ?? '');
  });
}

// A table is written once and then cell by cell. The roles stand for those that are lost where a phone shows rows as cards.
function table(element, columns, rows, empty) {
  if (!element.tHead) {
    const head = make('tr', { role: 'row' }, ...columns.map(column =>
      make('th', { scope: 'col', role: 'columnheader', class: column.kind ?? 'text' }, column.name)));
    element.append(make('thead', { role: 'rowgroup' }, head), make('tbody', { role: 'rowgroup' }));
  }
  const body = element.tBodies[0];
  const isEmpty = rows.length === 0;
  if (isEmpty !== (body.dataset.empty === 'true'))
    body.replaceChildren();
  body.dataset.empty = isEmpty;
  if (isEmpty) {
    if (body.children.length === 0)
      body.append(make('tr', { role: 'row' }, make('td', { role: 'cell', colspan: columns.length }, empty)));
    return;
  }
  fit(body, rows.length, () => make('tr', { role: 'row' }, ...columns.map((column, i) => i === 0
    ? make('th', { scope: 'row', role: 'rowheader', class: column.kind ?? 'text', 'data-name': column.name })
    : make('td', { role: 'cell', class: column.kind ?? 'text', 'data-name': column.name }))));
  rows.forEach((row, i) => row.forEach((content, j) => put(body.rows[i].cells[j], content)));
}

function put(cell, content) {
  if (content instanceof Node) {
    if (!cell.firstChild?.isEqualNode(content) || cell.childNodes.length !== 1)
      cell.replaceChildren(content);
  } else {
    say(cell, content);
  }
}

function fit(parent, length, create) {
  while (parent.children.length > length)
    parent.lastElementChild.remove();
  while (parent.children.length < length)
    parent.append(create());
}
