import { useMutation } from '@apollo/client/react';
import { Button, Group, Modal } from '@mantine/core';
import { useState } from 'react';
import { type Problem, problemOf, refusalOf } from '@/shared/api';
import { ErrorPanel } from '@/shared/ui';
import { ArchivePipeline } from './documents';

/** Takes a pipeline out of use, once that was confirmed. */
export function ArchiveButton({ name }: { name: string }) {
  const [isAsked, setAsked] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [archive, { loading }] = useMutation(ArchivePipeline);
  const confirm = async () => {
    setProblem(null);
    try {
      const { data } = await archive({ variables: { input: { name } } });
      const result = data?.archivePipeline;
      if (result?.__typename === 'ArchivePipelineSuccess') setAsked(false);
      else
        setProblem(
          refusalOf(result ?? { message: 'The server gave no reason.' }, 'It was not archived'),
        );
    } catch (error) {
      setProblem({ ...problemOf(error), retryAfterMs: null });
    }
  };
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setAsked(true)}>
        Archive
      </Button>
      <Modal opened={isAsked} onClose={() => setAsked(false)} title={`Archive ${name}?`}>
        <p>
          It leaves the lists and cannot be started. Its runs go on and stay; saving it again in the
          editor brings it back.
        </p>
        {problem && <ErrorPanel problem={problem} />}
        <Group mt="md" justify="flex-end">
          <Button variant="default" data-autofocus onClick={() => setAsked(false)}>
            Keep it
          </Button>
          <Button loading={loading} onClick={() => void confirm()}>
            Archive
          </Button>
        </Group>
      </Modal>
    </>
  );
}
