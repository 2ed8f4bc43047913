const orders = {
  open: {
    title: name => `Force ${name} open`,
    effect: 'No instance calls this server while the order holds. Then it is probed, and closes if the server is well.',
    give: 'Force open',
    done: (name, breaker) => `${name} is held open until ${timeOfDay(breaker.forcedUntil)}.`,
  },
  closed: {
    title: name => `Force ${name} closed`,
    effect: 'Every instance calls this server while the order holds, whatever comes of it.',
    give: 'Force closed',
    done: (name, breaker) => `${name} is held closed until ${timeOfDay(breaker.forcedUntil)}.`,
  },
  auto: {
    title: name => `Give ${name} back`,
    effect: 'The order ends now. A server that was held off is probed, and used again if it is well.',
    give: 'Give back',
    done: name => `${name} follows the evidence again.`,
  },
};

const dialog = byId('order');
let pending = null;

function openOrder(name, kind) {
  pending = { name, kind };
  const order = orders[kind];
  say(byId('order-title'), order.title(name));
  say(byId('order-effect'), order.effect);
  say(byId('order-give'), order.give);
  say(byId('order-error'), '');
  byId('order-reason').value = '';
  // Without it the form must not ask for it.
  show(byId('minutes-field'), kind !== 'auto');
  byId('order-minutes').disabled = kind === 'auto';
  for (const input of dialog.querySelectorAll('input'))
    input.removeAttribute('aria-invalid');
  dialog.showModal();
  (kind === 'auto' ? byId('order-reason') : byId('order-minutes')).focus();
}

byId('order-cancel').addEventListener('click', () => dialog.close());
byId('order-form').addEventListener('submit', event => {
  event.preventDefault();
  if (isFilledIn())
    giveOrder(pending);
});

// Says what is missing in the dialog itself, where a screen reader hears it, and goes there.
function isFilledIn() {
  const minutes = byId('order-minutes');
  const reason = byId('order-reason');
  const wrong = [];
  if (!minutes.disabled && !minutes.validity.valid)
    wrong.push([minutes, 'Say for how many minutes: a whole number from 1 to 1440.']);
  if (!/[\p{L}\p{N}]/u.test(reason.value))
    wrong.push([reason, 'Say why: others have to know.']);
  for (const input of [minutes, reason])
    input.toggleAttribute('aria-invalid', false);
  for (const [input] of wrong)
    input.setAttribute('aria-invalid', 'true');
  byId('order-error').textContent = wrong.map(([, text]) => text).join(' ');
  wrong[0]?.[0].focus();
  return wrong.length === 0;
}

async function giveOrder({ name, kind }) {
  const give = byId('order-give');
  if (give.getAttribute('aria-disabled') === 'true')
    return;
  give.setAttribute('aria-disabled', 'true');
  const by = byId('order-by').value.trim();
  const order = {
    state: kind,
    ...(kind === 'auto' ? {} : { for: asTime(byId('order-minutes').valueAsNumber) }),
    reason: byId('order-reason').value.trim(),
    ...(by === '' ? {} : { by }),
  };
  const answer = await ask(`breakers/${encodeURIComponent(name)}`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(order),
  });
  give.removeAttribute('aria-disabled');
  if (answer.status !== 200) {
    byId('order-error').textContent = answer.status === 0
      ? 'The server does not answer. The order may have been taken; repeating it does no harm.' : reasonOf(answer);
    return;
  }
  dialog.close();
  byId('order-said').textContent = orders[kind].done(name, answer.document);
  // An answer that is under way may be older than the order.
  await asking;
  poll();
}

// [d.]hh:mm:ss
function asTime(minutes) {
  const two = value => String(value).padStart(2, '0');
  const days = Math.floor(minutes / 1_440);
  return `${days > 0 ? `${days}.` : ''}${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}:00`;
}
