import { useQuery } from '@apollo/client/react';
import { Modal } from '@mantine/core';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { problemOf } from '@/shared/api';
import { givenIn } from '@/shared/params';
import { EmptyState, ErrorPanel, LoadingRows, useReturnFocus } from '@/shared/ui';
import { StartRunForm } from './documents';
import { StartForm } from './StartForm';

/** `/pipelines/:name/run?params={…}`: a dialog over the pipeline's page, these values filled in. */
export function StartRunRoute() {
  useReturnFocus();
  const { name = '' } = useParams();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(StartRunForm, {
    variables: { name },
    // Data sets and the last run are asked anew each time.
    fetchPolicy: 'network-only',
  });
  const pipeline = data?.pipeline;
  const close = () => void navigate(`/pipelines/${name}`);
  return (
    <Modal opened onClose={close} title={`Start a run of ${name}`} size="lg">
      {error && !pipeline && (
        <ErrorPanel problem={problemOf(error)} onRetry={() => void refetch()} />
      )}
      {!data && !error && <LoadingRows label="the params" rows={3} rowHeight={64} />}
      {data && !pipeline && !error && (
        <EmptyState title="There is no such pipeline">No pipeline is called {name}.</EmptyState>
      )}
      {pipeline?.archivedAt && (
        <EmptyState title="It is archived">
          Archived pipelines are not started; saving it again in the editor brings it back.
        </EmptyState>
      )}
      {pipeline && !pipeline.archivedAt && (
        <StartForm
          key={pipeline.latestVersion.id}
          pipeline={pipeline.name}
          params={pipeline.params}
          datasets={data.datasets?.nodes ?? []}
          given={givenIn(search.get('params'))}
          last={pipeline.runs.nodes[0]?.params ?? null}
          onCancel={close}
        />
      )}
    </Modal>
  );
}
