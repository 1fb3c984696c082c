import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { type Problem, problemOf, refusalOf } from '@/shared/api';
// The very document that `headrace demo` runs.
import definition from '../../../../../backend/headrace/cli/demo.yaml?raw';
import { ImportDemo, StartDemo, SynthesizeDemo } from './documents';

const MESSAGES = 40;

class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.why);
  }
}

/** A dataset, a pipeline and a run of it, one after the other; then the run's page. */
export function useDemo() {
  const apollo = useApolloClient();
  const navigate = useNavigate();
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  async function demonstrate(): Promise<string> {
    const made = await apollo.mutate({
      mutation: SynthesizeDemo,
      variables: { input: { count: MESSAGES } },
    });
    const dataset = made.data?.synthesizeDataset;
    if (dataset?.__typename !== 'SynthesizeDatasetSuccess')
      throw refused('The messages could not be written', dataset);
    const kept = await apollo.mutate({
      mutation: ImportDemo,
      variables: { input: { source: { yaml: definition }, replaceIfExists: true } },
    });
    const imported = kept.data?.importPipeline;
    if (imported?.__typename !== 'ImportPipelineSuccess')
      throw refused('The pipeline could not be imported', imported);
    const begun = await apollo.mutate({
      mutation: StartDemo,
      variables: {
        input: { pipeline: imported.pipeline.name, params: { input_path: dataset.path } },
      },
    });
    const started = begun.data?.startRun;
    if (started?.__typename !== 'StartRunSuccess')
      throw refused('The run could not be started', started);
    return started.run.id;
  }

  async function run() {
    setPending(true);
    setProblem(null);
    try {
      await navigate(`/runs/${await demonstrate()}`);
    } catch (error) {
      setProblem(error instanceof Refused ? error.problem : problemOf(error));
    } finally {
      setPending(false);
    }
  }

  return { run, pending, problem };
}

function refused(what: string, failure: { message: string } | null | undefined): Refused {
  return new Refused(refusalOf(failure ?? { message: 'The server gave no reason.' }, what));
}
