import type { OperationVariables } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useState } from 'react';
import { type Problem, problemOf, refusalOf } from '@/shared/api';

type Outcome = { __typename: string; message?: string };

/** Changes a schedule; what the list shows then comes by its subscription. */
export function useChange<TData extends object, TVariables extends OperationVariables>(
  mutation: TypedDocumentNode<TData, TVariables>,
  otherwise: string,
) {
  const apollo = useApolloClient();
  const [isPending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  /** Whether it was done. */
  async function change(variables: TVariables): Promise<boolean> {
    setProblem(null);
    setPending(true);
    try {
      const { data } = await apollo.mutate({ mutation, variables } as never);
      const [outcome] = Object.values(data ?? {}).filter(isOutcome);
      if (outcome?.__typename.endsWith('Success')) return true;
      setProblem(
        refusalOf({ message: outcome?.message ?? 'The server gave no reason.' }, otherwise),
      );
    } catch (error) {
      setProblem({ ...problemOf(error), retryAfterMs: null });
    } finally {
      setPending(false);
    }
    return false;
  }
  return { isPending, problem, change };
}

function isOutcome(value: unknown): value is Outcome {
  return typeof value === 'object' && value !== null && '__typename' in value;
}
