import type { ApolloCache, Unmasked } from '@apollo/client';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';

/** Writes what a followed subscription brought, so that every object in it becomes one cache entry. */
export function writeResult<TData, TVariables>(
  cache: ApolloCache,
  document: TypedDocumentNode<TData, TVariables>,
  result: TData,
): void {
  // It did not come through Apollo, so nothing has masked it, whatever its type says.
  cache.write({ dataId: 'ROOT_SUBSCRIPTION', query: document, result: result as Unmasked<TData> });
}
