import { useQuery } from '@apollo/client/react';
import { Modal } from '@mantine/core';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { problemOf } from '@/shared/api';
import { EmptyState, ErrorPanel, LoadingRows } from '@/shared/ui';
import { ScheduleToEdit } from './documents';
import { ScheduleForm } from './ScheduleForm';

/** `/schedules/new?pipeline=` and `/schedules/:name/edit`: a dialog over the list. */
export function ScheduleFormRoute() {
  const { name } = useParams();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(ScheduleToEdit, {
    variables: { name: name ?? '', isNew: name === undefined },
    // Somebody else may have changed it since.
    fetchPolicy: 'network-only',
  });
  const kept = data?.schedule ?? null;
  const isMissing = data && !error && name !== undefined && !kept;
  const close = () => void navigate('/schedules');
  return (
    <Modal opened onClose={close} title={name ? `Edit ${name}` : 'New schedule'} size="lg">
      {error && !data && <ErrorPanel problem={problemOf(error)} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows label="the schedule" rows={6} rowHeight={64} />}
      {isMissing && (
        <EmptyState title="There is no such schedule">No schedule is called {name}.</EmptyState>
      )}
      {data && !isMissing && (
        <ScheduleForm
          kept={kept}
          pipelines={data.pipelines?.nodes.map((each) => each.name) ?? []}
          pipeline={search.get('pipeline') ?? ''}
          onClose={close}
        />
      )}
    </Modal>
  );
}
