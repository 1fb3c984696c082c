import { ApolloClient, ApolloLink, HttpLink } from '@apollo/client';
import { ErrorLink } from '@apollo/client/link/error';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { answerAhead } from './ahead';
import { newCache } from './cache';
import type { Endpoints } from './endpoints';
import { ApiKey } from './key';
import { Live } from './live';
import { isKeyRefused } from './problem';

export interface Api {
  apollo: ApolloClient;
  live: Live;
  key: ApiKey;
  endpoints: Endpoints;
}

/** The API as the pages use it: queries and mutations by HTTP, what is live by one socket. */
export function connectTo(endpoints: Endpoints): Api {
  const key = new ApiKey();
  const cache = newCache();
  const live = new Live({
    url: endpoints.socket,
    key,
    transform: (document) => cache.transformDocument(document),
  });
  const http = new HttpLink({
    uri: endpoints.graphql,
    fetch: async (input, init) =>
      (await answerAhead(init?.body, key.value.get())) ??
      fetch(input, { ...init, headers: { ...(init?.headers as object), ...key.headers() } }),
  });
  const stamped = new ApolloLink((operation, forward) => {
    operation.setContext({ keysGiven: key.given.get() });
    return forward(operation);
  });
  const refusals = new ErrorLink(({ error, operation }) => {
    // What is refused late may have been asked with the key before.
    const isOfThisKey = operation.getContext().keysGiven === key.given.get();
    if (isOfThisKey && isKeyRefused(error)) key.wanted.set('server');
  });
  const apollo = new ApolloClient({
    cache,
    dataMasking: true,
    clientAwareness: { name: 'headrace-web' },
    defaultOptions: { watchQuery: { errorPolicy: 'all' } },
    link: ApolloLink.from([
      stamped,
      refusals,
      ApolloLink.split(
        ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
        new GraphQLWsLink(live.client),
        http,
      ),
    ]),
  });
  // What was refused to the old key may be allowed to the new one, and the reverse.
  key.given.subscribe(() => {
    // A query that fails tells so where it is shown.
    apollo.resetStore().catch(() => {});
  });
  return { apollo, live, key, endpoints };
}
