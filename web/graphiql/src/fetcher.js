import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { createClient } from 'graphql-ws';

const HEADER = 'X-API-Key';
const FORBIDDEN = 4403;
const PATH = '/graphql';

// Queries and mutations by fetch, subscriptions by graphql-transport-ws, the key with both. A socket
// that breaks ends its subscription with an error: resuming by itself would repeat what was shown.
// Whoever goes on passes the last cursor as `after`.
export function fetcherWith(key) {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return createGraphiQLFetcher({
    url: PATH,
    headers: key ? { [HEADER]: key } : {},
    enableIncrementalDelivery: false,
    wsClient: createClient({
      url: `${scheme}//${location.host}${PATH}`,
      connectionParams: key ? { [HEADER]: key } : {},
      retryAttempts: 0,
      shouldRetry: (event) => event?.code !== FORBIDDEN,
    }),
  });
}
