// What a link to this page asks for: `/graphiql/#query=…&variables=…`. The part after `#` never
// leaves the browser, so neither a log nor a proxy learns it.
export function linked() {
  const given = new URLSearchParams(location.hash.slice(1));
  const query = given.get('query');
  if (!query) return {};
  return { initialQuery: query, initialVariables: given.get('variables') ?? '' };
}
