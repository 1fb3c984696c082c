import { useState } from 'react';
import { type Problem, problemOf, refusalOf, useApi } from '@/shared/api';
import { DeadLink, leadTo, workingLink } from '@/shared/ui';
import { DatasetDownload } from './documents';

const WHAT = 'The dataset cannot be downloaded';

class Absent extends Error {}

/** Downloads a file by a link that is asked for at the click. */
export function useDownload(path: string) {
  const { apollo, endpoints } = useApi();
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  async function link(): Promise<string> {
    const { data } = await apollo.query({
      query: DatasetDownload,
      variables: { path },
      fetchPolicy: 'network-only',
    });
    if (!data?.dataset) throw new Absent();
    return new URL(data.dataset.downloadUrl, endpoints.base).href;
  }

  async function download(name: string) {
    setPending(true);
    setProblem(null);
    try {
      leadTo(await workingLink(link), name);
    } catch (error) {
      setProblem(problemAt(error));
    } finally {
      setPending(false);
    }
  }
  return { download, pending, problem };
}

function problemAt(error: unknown): Problem {
  if (error instanceof Absent)
    return refusalOf({ message: 'Its file is not there any more.' }, WHAT);
  return error instanceof DeadLink ? refusalOf(error, WHAT) : problemOf(error);
}
