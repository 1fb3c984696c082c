import { useApolloClient } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { RunStatus } from '@/gql/schema-enums';
import { type Problem, problemOf } from '@/shared/api';
import { useCommands } from '@/shared/commands';
import { isCancellable, isTerminalRun } from '@/shared/status';
import { ErrorPanel, graphiqlLink } from '@/shared/ui';
import { RunEvents } from '../documents';
import { SECTION, useRun } from '../run-context';
import { saveAs } from '../save-as';
import { RunDefinition } from '../tabs/DefinitionTab';
import { useCancel } from './use-cancel';

interface RunActionsProps {
  status: RunStatus;
  onRerun: () => void;
}

/** What can be done with a run. */
export function RunActions({ status, onRerun }: RunActionsProps) {
  const { id } = useRun();
  const { cancel, pending, problem } = useCancel(id);
  const [isAsking, setAsking] = useState(false);
  const { exportRun, failed } = useExport(id);
  const ask = { id: 'run.cancel', label: 'Cancel the run', section: SECTION };
  useCommands([
    ...(isCancellable(status) ? [{ ...ask, run: () => setAsking(true) }] : []),
    {
      id: 'run.export',
      label: 'Export the definition',
      section: SECTION,
      run: () => void exportRun(),
    },
  ]);
  return (
    <>
      {isCancellable(status) &&
        (isAsking && !pending ? (
          <>
            <Button size="compact-sm" color="red" autoFocus onClick={() => void cancel()}>
              Yes, cancel the run
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => setAsking(false)}>
              Let it run
            </Button>
          </>
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            loading={pending}
            onClick={() => setAsking(true)}
          >
            Cancel
          </Button>
        ))}
      {isTerminalRun(status) && (
        <Button size="compact-sm" variant="default" onClick={onRerun}>
          Re-run
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={() => void exportRun()}>
        Export
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        component="a"
        href={graphiqlLink(RunEvents, { runId: id })}
      >
        Open as GraphQL
      </Button>
      {(problem ?? failed) && <ErrorPanel problem={(problem ?? failed) as Problem} />}
    </>
  );
}

/** Keeps the definition, as the run has it, as a file. */
function useExport(id: string) {
  const apollo = useApolloClient();
  const [failed, setFailed] = useState<Problem | null>(null);
  const exportRun = async () => {
    setFailed(null);
    try {
      const { data } = await apollo.query({ query: RunDefinition, variables: { runId: id } });
      const run = data?.run;
      if (!run) return;
      const { number, definition } = run.version;
      saveAs(`${run.pipeline.name}-v${number}.yaml`, 'text/yaml', [definition]);
    } catch (error) {
      setFailed(problemOf(error));
    }
  };
  return { exportRun, failed };
}
