import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { ErrorPanel } from '@/shared/ui';
import { ResumeSchedule } from './documents';
import classes from './schedules.module.css';
import { useChange } from './use-change';

interface RowActionsProps {
  name: string;
  paused: boolean;
}

export function RowActions({ name, paused }: RowActionsProps) {
  const { isPending, problem, change } = useChange(ResumeSchedule, `${name} was not resumed`);
  const look = { size: 'compact-xs', variant: 'default' } as const;
  return (
    <span className={classes.actions}>
      {paused ? (
        <Button
          {...look}
          aria-label={`Resume ${name}`}
          loading={isPending}
          onClick={() => void change({ input: { name } })}
        >
          Resume
        </Button>
      ) : (
        <Button
          {...look}
          component={Link}
          to={`?${new URLSearchParams({ pause: name })}`}
          aria-label={`Pause ${name}`}
        >
          Pause
        </Button>
      )}
      <Button
        {...look}
        component={Link}
        to={`?${new URLSearchParams({ delete: name })}`}
        aria-label={`Delete ${name}`}
      >
        Delete
      </Button>
      {problem && <ErrorPanel problem={problem} />}
    </span>
  );
}
