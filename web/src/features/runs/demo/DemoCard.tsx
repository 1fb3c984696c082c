import { Button } from '@mantine/core';
import { Play } from 'lucide-react';
import { Link } from 'react-router';
import { EmptyState, ErrorPanel } from '@/shared/ui';
import { useDemo } from './use-demo';

/** What a new installation shows: one button, and a run to look at a moment later. */
export function DemoCard() {
  const { run, pending, problem } = useDemo();
  return (
    <>
      <EmptyState
        title="No runs yet"
        actions={
          <>
            <Button leftSection={<Play size={16} aria-hidden />} loading={pending} onClick={run}>
              Run the demo
            </Button>
            <Button variant="default" component={Link} to="/pipelines/new">
              Paste your own pipeline
            </Button>
            <Button variant="default" component="a" href="/graphiql/">
              Read the API
            </Button>
          </>
        }
      >
        The demo makes up 40 messages, imports a pipeline that labels each by its sentiment, and
        runs it before your eyes. It needs no network and no key.
      </EmptyState>
      {problem && <ErrorPanel problem={problem} />}
    </>
  );
}
