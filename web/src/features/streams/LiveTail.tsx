import { Button } from '@mantine/core';
import { Pause, Play } from 'lucide-react';
import { useCommands } from '@/shared/commands';
import { formatCount } from '@/shared/text';
import { ErrorPanel, LiveRegion, OpenAsGraphQL } from '@/shared/ui';
import { StreamTail } from './documents';
import { MessageTable } from './MessageTable';
import classes from './streams.module.css';
import { useTail } from './use-tail';

/** What comes into a topic, as it comes. */
export function LiveTail({ topic }: { topic: string }) {
  const { tail, problem, restart, pause } = useTail(topic);
  const { shown, held, isPaused } = tail;
  useCommands([
    {
      id: 'streams.pause',
      label: isPaused ? 'Resume the live tail' : 'Pause the live tail',
      section: 'Streams',
      keys: 'f',
      run: () => pause(!isPaused),
    },
  ]);
  return (
    <section aria-label="Live tail">
      <div className={classes.bar}>
        <h2 className={classes.title}>Live tail</h2>
        <Button
          size="xs"
          variant="default"
          leftSection={isPaused ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
          onClick={() => pause(!isPaused)}
        >
          {isPaused ? `Resume · ${formatCount(held.length)} new` : 'Pause'}
        </Button>
        <OpenAsGraphQL document={StreamTail} variables={{ topic }} />
      </div>
      {problem && <ErrorPanel problem={problem} onRetry={restart} />}
      {!problem && (
        <LiveRegion>
          {shown.length === 0 ? (
            <p className={classes.dimmed}>Nothing came yet; a message appears here as it comes.</p>
          ) : (
            <MessageTable label="Live messages" messages={shown} />
          )}
        </LiveRegion>
      )}
    </section>
  );
}
