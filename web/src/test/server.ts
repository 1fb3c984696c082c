import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { getOperationAST } from 'graphql';
import { HttpResponse, graphql as http } from 'msw';
import { setupServer } from 'msw/node';

/** Every test's server; what a test does not answer is an error. */
export const server = setupServer();

type Answer<TData, TVariables> = TData | ((variables: TVariables) => TData | Promise<TData>);

/** Answers an operation of the app over HTTP; gives the variables of each time it was asked. */
export function answer<TData, TVariables extends object>(
  document: TypedDocumentNode<TData, TVariables>,
  data: Answer<object, TVariables>,
): TVariables[] {
  const asked: TVariables[] = [];
  handle(document, async (variables: TVariables) => {
    asked.push(variables);
    return HttpResponse.json({ data: typeof data === 'function' ? await data(variables) : data });
  });
  return asked;
}

/** An answer that is brought when the test says so. */
export function heldBack<T extends object>() {
  let bring: (data: T) => void = () => {};
  const answered = new Promise<T>((resolve) => {
    bring = resolve;
  });
  return { answered, bring };
}

/** Answers a query of another feature, by its name: features do not know each other's documents. */
export function answerQuery(name: string, data: object): void {
  server.use(http.query(name, () => HttpResponse.json({ data })));
}

/** Answers an operation with a GraphQL error of this code. */
export function refuse<TData, TVariables extends object>(
  document: TypedDocumentNode<TData, TVariables>,
  code: string,
  message: string,
): void {
  handle(document, () => HttpResponse.json({ errors: [{ message, extensions: { code } }] }));
}

function handle<TData, TVariables extends object>(
  document: TypedDocumentNode<TData, TVariables>,
  respond: (variables: TVariables) => HttpResponse<object> | Promise<HttpResponse<object>>,
): void {
  const operation = getOperationAST(document);
  const name = operation?.name?.value;
  if (!operation || !name) throw new Error('The document has no named operation');
  const kind = operation.operation === 'mutation' ? http.mutation : http.query;
  server.use(kind(name, ({ variables }) => respond(variables as TVariables)));
}
