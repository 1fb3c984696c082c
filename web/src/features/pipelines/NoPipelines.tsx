import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { EmptyState } from '@/shared/ui';

export function NoPipelines() {
  return (
    <EmptyState
      title="No pipelines yet"
      actions={
        <>
          <Button size="xs" component={Link} to="/pipelines/new">
            Write one
          </Button>
          <Button size="xs" variant="default" component={Link} to="/runs">
            Run the demo
          </Button>
        </>
      }
    >
      A pipeline is a text that names blocks and what each waits on. Drop a file of yours anywhere,
      or begin with a template.
    </EmptyState>
  );
}
