import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { formatCount } from '@/shared/text';
import { DataSize, ErrorPanel } from '@/shared/ui';
import { daysOf, MOST_DAYS } from './model/days';
import { Panel } from './Panel';
import classes from './tools.module.css';
import { type Counted, useCleanup } from './use-cleanup';

/** Deletes old runs; what would go is counted first, and the days are typed again to confirm. */
export function Cleanup() {
  const [text, setText] = useState('30');
  const { counted, removed, problem, isPending, count, remove, forget } = useCleanup();
  const days = daysOf(text);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    if (days !== null) count(days);
  };
  return (
    <Panel title="Cleanup">
      <p className={classes.dimmed}>
        Deletes finished runs with their logs and artifacts, but for what a later run has linked.
      </p>
      <form className={classes.form} onSubmit={ask}>
        <TextInput
          size="xs"
          label="Runs that finished more than so many days ago"
          inputMode="numeric"
          value={text}
          error={days === null ? `A whole number from 0 to ${MOST_DAYS}` : undefined}
          onChange={(event) => {
            setText(event.currentTarget.value);
            forget();
          }}
        />
        <Button
          size="xs"
          variant="default"
          type="submit"
          disabled={days === null}
          loading={isPending && !counted}
        >
          Count what would go
        </Button>
      </form>
      <div role="status">
        {removed && (
          <p>
            Deleted: <Amount {...removed} />.
          </p>
        )}
        {counted && counted.runs === 0 && <p>No run is that old: nothing would go.</p>}
        {counted && counted.runs > 0 && (
          <p>
            This would delete <Amount {...counted} />.
          </p>
        )}
      </div>
      {counted && counted.runs > 0 && (
        <Confirm days={counted.days} isPending={isPending} confirm={() => remove(counted.days)} />
      )}
      {problem && <ErrorPanel problem={problem} />}
    </Panel>
  );
}

function Amount({ runs, artifacts, bytes }: Omit<Counted, 'days'>) {
  return (
    <strong>
      {formatCount(runs)} {runs === 1 ? 'run' : 'runs'} and {formatCount(artifacts)}{' '}
      {artifacts === 1 ? 'artifact' : 'artifacts'}, <DataSize bytes={bytes} />
    </strong>
  );
}

interface ConfirmProps {
  days: number;
  isPending: boolean;
  confirm: () => void;
}

function Confirm({ days, isPending, confirm }: ConfirmProps) {
  const [typed, setTyped] = useState('');
  const isSure = daysOf(typed) === days;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isSure) confirm();
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        size="xs"
        label={`Type ${days} to delete them for good`}
        inputMode="numeric"
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Button size="xs" color="red" type="submit" disabled={!isSure} loading={isPending}>
        Delete
      </Button>
    </form>
  );
}
