import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';

interface OpenAsGraphQLProps<TVariables> {
  document: TypedDocumentNode<unknown, TVariables>;
  variables: TVariables;
}

/** Leads to GraphiQL with the very operation that a screen shows. */
export function OpenAsGraphQL<TVariables>({ document, variables }: OpenAsGraphQLProps<TVariables>) {
  return <a href={graphiqlLink(document, variables)}>Open as GraphQL</a>;
}

/** The part after `#` never leaves the browser, so neither a log nor a proxy learns it. */
export function graphiqlLink<TVariables>(
  document: TypedDocumentNode<unknown, TVariables>,
  variables: TVariables,
): string {
  const given = { query: print(document), variables: JSON.stringify(variables, null, 2) };
  return `/graphiql/#${new URLSearchParams(given)}`;
}
