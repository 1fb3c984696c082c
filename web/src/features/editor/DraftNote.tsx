import { Button } from '@mantine/core';
import { RelativeTime } from '@/shared/ui';
import classes from './editor.module.css';

interface DraftNoteProps {
  at: number;
  onDiscard: () => void;
  onKeep: () => void;
}

/** That a text is back which was not saved when the page was left. */
export function DraftNote({ at, onDiscard, onKeep }: DraftNoteProps) {
  return (
    <p className={classes.note} role="status">
      <span>
        Your unsaved text of <RelativeTime at={new Date(at).toISOString()} /> is back.
      </span>
      <Button size="compact-xs" variant="default" onClick={onDiscard}>
        Discard it
      </Button>
      <Button size="compact-xs" variant="default" onClick={onKeep}>
        Go on with it
      </Button>
    </p>
  );
}
