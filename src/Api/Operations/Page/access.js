// The key comes with the page's address, since a browser opens a page without headers. It is taken out of the address bar and the history at
// once, and kept in this variable only: after a reload the host would ask for it in the address again, whatever was stored.
const key = takeKey();

function takeKey() {
  const address = new URL(location.href);
  const given = address.searchParams.get('code');
  if (given !== null) {
    address.searchParams.delete('code');
    history.replaceState(history.state, '', address);
  }
  return given;
}

// What asking came to: an answer with its document, or why there is none.
async function ask(path, options = {}) {
  const headers = { accept: 'application/json, application/problem+json', ...options.headers };
  if (key)
    headers['x-functions-key'] = key;
  let response;
  try {
    response = await fetch(new URL(path, pageFolder), {
      ...options, headers, cache: 'no-store', credentials: 'omit', redirect: 'error', signal: AbortSignal.timeout(longestWait),
    });
    const text = await response.text();
    return { status: response.status, retryAfter: Number(response.headers.get('retry-after')) || 0, document: parsed(text) };
  } catch {
    return { status: response?.status ?? 0, retryAfter: 0, document: null };
  }
}

// The page is /api/ops, and what it asks lies below /api/ops/.
const pageFolder = `${location.origin}${location.pathname.replace(/\/+$/, '')}/`;
const longestWait = 10_000;

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function reasonOf(answer) {
  if (answer.document?.detail)
    return answer.document.detail;
  if (answer.status === 401)
    return 'The function key is missing or wrong. Open the page again with ?code= and the key.';
  return answer.status === 0 ? 'The server does not answer.' : `The server answered with status ${answer.status}.`;
}
