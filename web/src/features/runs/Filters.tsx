import { useQuery } from '@apollo/client/react';
import { NativeSelect, TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { RunStatus } from '@/gql/schema-enums';
import { useCommands } from '@/shared/commands';
import { lookOf, RUN_STATUSES, StatusIcon } from '@/shared/status';
import { formatCount } from '@/shared/text';
import { RunsPipelines } from './documents';
import type { View } from './model/view';
import classes from './runs.module.css';

const TYPING_MS = 250;

interface FiltersProps {
  view: View;
  counts: ReadonlyMap<RunStatus, number> | null;
  narrow: Narrow;
}

/** Shows those alone that fit, too; a function of the view as it is by then. */
export type Narrow = (more: (view: View) => Partial<View>, options?: { replace: boolean }) => void;

/** Which runs are shown: all of it is in the address. */
export function Filters({ view, counts, narrow }: FiltersProps) {
  const all = counts && [...counts.values()].reduce((sum, count) => sum + count, 0);
  const toggle = (status: RunStatus) =>
    narrow((now) => ({
      status: RUN_STATUSES.filter((each) => now.status.includes(each) !== (each === status)),
    }));
  return (
    <search className={classes.filters} aria-label="Filter the runs">
      <fieldset className={classes.chips}>
        <legend className={classes.hidden}>Status</legend>
        <button
          type="button"
          className={classes.chip}
          aria-pressed={view.status.length === 0}
          onClick={() => narrow(() => ({ status: [] }))}
        >
          All {all !== null && <span className={classes.count}>{formatCount(all)}</span>}
        </button>
        {RUN_STATUSES.map((status) => (
          <button
            key={status}
            type="button"
            className={classes.chip}
            aria-pressed={view.status.includes(status)}
            onClick={() => toggle(status)}
          >
            {/* The shape alone: what turns here would say nothing. */}
            <span className={classes.still}>
              <StatusIcon status={status} size={14} />
            </span>
            {lookOf(status).label}{' '}
            {counts && (
              <span className={classes.count}>{formatCount(counts.get(status) ?? 0)}</span>
            )}
          </button>
        ))}
      </fieldset>
      <PipelineChoice chosen={view.pipeline} choose={(pipeline) => narrow(() => ({ pipeline }))} />
      <SearchField value={view.q} search={(q) => narrow(() => ({ q }), { replace: true })} />
    </search>
  );
}

function PipelineChoice({ chosen, choose }: { chosen: string; choose: (name: string) => void }) {
  const { data } = useQuery(RunsPipelines, { fetchPolicy: 'cache-and-network' });
  const names = data?.pipelines?.nodes.map(({ name }) => name) ?? [];
  const offered = chosen && !names.includes(chosen) ? [chosen, ...names] : names;
  return (
    <NativeSelect
      size="xs"
      aria-label="Pipeline"
      value={chosen}
      onChange={(event) => choose(event.currentTarget.value)}
      data={[{ value: '', label: 'Every pipeline' }, ...offered]}
    />
  );
}

function SearchField({ value, search }: { value: string; search: (text: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(value);
  const latest = useRef(search);
  latest.current = search;
  const sought = useRef(value);
  // The address may change by other means, such as going back. What was sought from here comes back a
  // moment later, and more may have been typed by then.
  useEffect(() => {
    if (value !== sought.current) setDraft(value);
    sought.current = value;
  }, [value]);
  useEffect(() => {
    if (draft === value) return;
    const timer = setTimeout(() => {
      sought.current = draft;
      latest.current(draft);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [draft, value]);
  useCommands([
    {
      id: 'runs.filter',
      label: 'Search the runs',
      section: 'Runs',
      keys: '/',
      run: () => field.current?.focus(),
    },
  ]);
  return (
    <TextInput
      ref={field}
      size="xs"
      type="search"
      aria-label="Search by run or pipeline"
      placeholder="Run or pipeline"
      leftSection={<Search size={14} aria-hidden />}
      value={draft}
      onChange={(event) => setDraft(event.currentTarget.value)}
    />
  );
}
