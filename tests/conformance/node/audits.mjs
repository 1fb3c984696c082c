// `node audits.mjs URL KEY`: every audit of graphql-http's suite, as JSON.
import { serverAudits } from 'graphql-http';

const [url, key] = process.argv.slice(2);
const asking = (input, init = {}) =>
  fetch(input, { ...init, headers: { ...init.headers, 'X-API-Key': key } });
const results = [];
for (const audit of serverAudits({ url: `${url}/graphql`, fetchFn: asking })) {
  const { name, status, reason } = await audit.fn();
  results.push({ name, status, reason });
}
console.log(JSON.stringify(results));
