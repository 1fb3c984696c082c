import type { ApolloClient } from '@apollo/client';
import { useState } from 'react';
import { type Problem, problemOf, refusalOf, useApi } from '@/shared/api';
import { DeadLink, leadTo, workingLink } from '@/shared/ui';
import { SignArtifact } from './documents';

class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.why);
  }
}

const WHAT = 'The artifact cannot be downloaded';

async function signed(apollo: ApolloClient, base: string, id: string): Promise<string> {
  const { data } = await apollo.mutate({
    mutation: SignArtifact,
    variables: { input: { artifactId: id } },
  });
  const made = data?.signArtifact;
  if (made?.__typename === 'SignArtifactSuccess') return new URL(made.url, base).href;
  throw new Refused(refusalOf(made ?? { message: 'The server gave no reason.' }, WHAT));
}

function problemAt(error: unknown): Problem {
  if (error instanceof Refused) return error.problem;
  if (!(error instanceof DeadLink)) return problemOf(error);
  return refusalOf(
    { message: error.status === 410 ? 'Cleanup has removed it.' : error.message },
    WHAT,
  );
}

/** Signs at the click, for one artifact. */
export function useSigned(id: string) {
  const { apollo, endpoints } = useApi();
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const link = async (): Promise<string | null> => {
    setPending(true);
    setProblem(null);
    try {
      return await workingLink(() => signed(apollo, endpoints.base, id));
    } catch (error) {
      setProblem(problemAt(error));
      return null;
    } finally {
      setPending(false);
    }
  };
  const download = async (name: string) => {
    const url = await link();
    if (url !== null) leadTo(url, name);
  };
  return { link, download, pending, problem };
}
