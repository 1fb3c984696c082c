// Runs while the pages' own scripts are still on their way: it fetches what the screen at this address
// wants first. The build puts the screens in, with the names of their files; a file of its own because
// the page's policy runs no script that stands in the page.
((screens) => {
  const { pathname, search } = location;
  const seen = screens.find(({ address }) => new RegExp(address).test(pathname));
  if (!seen) return;
  for (const href of seen.files) {
    const link = document.createElement('link');
    link.crossOrigin = '';
    link.href = href;
    // A style sheet is only fetched: where it stands among the others is the pages' to say.
    if (href.endsWith('.css')) {
      link.rel = 'preload';
      link.as = 'style';
    } else link.rel = 'modulepreload';
    document.head.append(link);
  }
  const { ask } = seen;
  if (!ask || (search && !ask.whateverFollows)) return;
  const [, written] = new RegExp(seen.address).exec(pathname);
  let part;
  try {
    part = written && decodeURIComponent(written);
  } catch {
    return; // The pages say that there is nothing at such an address.
  }
  const variables = JSON.parse(JSON.stringify(ask.variables), (_, value) =>
    typeof value === 'string' && value.startsWith(':') ? part : value,
  );
  let key = '';
  try {
    key = localStorage.getItem('headrace.apiKey') ?? '';
  } catch {
    // A browser that keeps nothing has no key.
  }
  const elsewhere = document.querySelector('meta[name="headrace-api-base"]')?.content;
  const answer = fetch(new URL('/graphql', elsewhere ?? location.origin), {
    method: 'POST',
    headers: {
      Accept: 'application/graphql-response+json,application/json;q=0.9',
      'Content-Type': 'application/json',
      'X-Headrace-Client': 'ui',
      ...(key ? { 'X-API-Key': key } : {}),
    },
    body: JSON.stringify({ operationName: ask.operation, query: ask.query, variables }),
  });
  // The pages ask again where it failed, and tell of it.
  answer.catch(() => {});
  globalThis.headraceAsked = {
    at: performance.now(),
    key,
    operation: ask.operation,
    variables: JSON.stringify(variables),
    answer,
  };
})(__SCREENS__);
