import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { EmptyState } from '@/shared/ui';

export function NoSchedules() {
  return (
    <EmptyState
      title="No schedules yet"
      actions={
        <Button size="xs" component={Link} to="/schedules/new">
          New schedule
        </Button>
      }
    >
      A schedule starts runs of a pipeline by itself, each night or every five minutes. At the
      command line:{' '}
      <code>headrace schedule add nightly demo &quot;30 2 * * *&quot; -z Europe/Berlin</code>
    </EmptyState>
  );
}
