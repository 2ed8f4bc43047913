const breakerTones = { closed: 'well', 'half-open': 'medium', open: 'high' };

// A card is made once for each breaker and then only written to, so that whoever stands on one of its buttons stays there.
function showBreakers(fleet) {
  const cards = byId('breaker-cards');
  const breakers = fleet.instances[0].status.breakers;
  for (const card of [...cards.children]) {
    if (!breakers.some(breaker => breaker.name === card.dataset.name))
      card.remove();
  }
  for (const breaker of breakers) {
    const card = [...cards.children].find(one => one.dataset.name === breaker.name) ?? cards.appendChild(breakerCard(breaker.name));
    showBreaker(card, breaker, fleet);
  }
}

function breakerCard(name) {
  const button = (order, text) => {
    const element = make('button', { type: 'button', 'data-order': order, 'aria-label': `${text}: ${name}` }, text);
    element.addEventListener('click', () => openOrder(name, order));
    return element;
  };
  return make('article', { class: 'breaker', 'data-name': name, 'aria-label': name },
    make('header', {}, make('h3', {}, name), make('span', { class: 'mark' })),
    make('dl', { class: 'facts' }),
    make('div', { class: 'controls' }, button('open', 'Force open'), button('closed', 'Force closed'), button('auto', 'Give back')));
}

function showBreaker(card, breaker, fleet) {
  const tone = breakerTones[breaker.state];
  card.classList.remove('well', 'medium', 'high');
  card.classList.add(tone);
  const [state] = card.getElementsByClassName('mark');
  say(state, breaker.state);
  state.className = `mark ${tone}`;
  facts(card.querySelector('.facts'), [
    ['Reason', breaker.reason ?? 'none: it has always been closed'],
    ['Epoch', number(breaker.epoch)],
    ['Held by', breaker.forced ? `${breaker.by ?? 'an operator'}, until ${timeOfDay(breaker.forcedUntil)}` : 'nobody'],
    ['Tried again', breaker.openUntil ? timeOfDay(breaker.openUntil) : 'not open'],
    ['Voices', breaker.shared ? breaker.live === null ? unknown : count(breaker.live, 'instance') : 'the fleet’s state is not known; this instance decides alone'],
    ['Own breakers', ownBreakers(breaker.name, fleet)],
  ]);
  card.querySelector('[data-order=auto]').disabled = !breaker.forced;
}

// Who else has given the server up, on its own.
function ownBreakers(name, fleet) {
  const states = fleet.instances.flatMap(({ status }) => status.breakers.filter(one => one.name === name).map(one => one.local.state));
  const open = states.filter(state => state === 'open').length;
  return open === 0 ? `closed on all ${number(states.length)}` : `open on ${number(open)} of ${number(states.length)}`;
}

function facts(list, entries) {
  fit(list, entries.length, () => make('div', {}, make('dt'), make('dd')));
  entries.forEach(([name, value], i) => {
    say(list.children[i].children[0], name);
    say(list.children[i].children[1], value);
  });
}
