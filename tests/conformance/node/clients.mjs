// `node clients.mjs WHICH URL KEY` with a pipeline's YAML on stdin: one of the clients that others
// made lives through a run, and what it saw is printed as JSON.
import { readFileSync } from 'node:fs';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { print } from 'graphql';
import { createClient as createSse } from 'graphql-sse';
import { createClient as createWs } from 'graphql-ws';
import { Observable } from 'rxjs';
import WebSocket from 'ws';
import { dataOf, live } from './following.mjs';

const [which, url, key] = process.argv.slice(2);
const headers = { 'X-API-Key': key };
const api = `${url}/graphql`;

const overWebsocket = () =>
  createWs({
    url: api.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: headers,
    retryAttempts: 0,
  });
const overEvents = () => createSse({ url: api, headers, retryAttempts: 0 });

// graphql-ws and graphql-sse have the same interface; each operation gets a connection of its own.
function plain(connect) {
  return {
    ask: (query, variables) =>
      new Promise((resolve, reject) => {
        let result;
        connect().subscribe(
          { query, variables },
          {
            next: (found) => (result = found),
            error: reject,
            complete: () => resolve(dataOf(result)),
          },
        );
      }),
    subscribe(query, variables, sink) {
      const client = connect();
      client.subscribe({ query, variables }, { ...sink, next: (found) => sink.next(dataOf(found)) });
      return () => (client.terminate ?? client.dispose)();
    },
  };
}

const sseLink = (client) =>
  new ApolloLink(
    ({ query, variables, operationName }) =>
      new Observable((observer) =>
        client.subscribe({ query: print(query), variables, operationName }, observer),
      ),
  );

function apollo(linkOfSubscriptions) {
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(
      ({ operationType }) => operationType === 'subscription',
      linkOfSubscriptions,
      new HttpLink({ uri: api, headers }),
    ),
  });
  return {
    async ask(query, variables) {
      const document = gql(query);
      const found = query.startsWith('mutation')
        ? await client.mutate({ mutation: document, variables })
        : await client.query({ query: document, variables, fetchPolicy: 'network-only' });
      return found.data;
    },
    subscribe(query, variables, sink) {
      const going = client.subscribe({ query: gql(query), variables }).subscribe({
        ...sink,
        next: (found) => (found.error ? sink.error(found.error) : sink.next(found.data)),
      });
      return () => going.unsubscribe();
    },
  };
}

const clients = {
  'graphql-ws': () => plain(overWebsocket),
  'graphql-sse': () => plain(overEvents),
  'apollo-ws': () => apollo(new GraphQLWsLink(overWebsocket())),
  'apollo-sse': () => apollo(sseLink(overEvents())),
};

console.log(JSON.stringify(await live(clients[which](), readFileSync(0, 'utf8'))));
process.exit(0);
