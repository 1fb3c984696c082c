import { Workflow } from 'lucide-react';
import type { ReactNode } from 'react';
import { type Command, effective } from '@/shared/commands';
import { lookOf, StatusIcon } from '@/shared/status';
import { shortId } from '@/shared/text';
import { RelativeTime } from '@/shared/ui';
import type { Offer } from './arranged';
import classes from './palette.module.css';
import type { useFound } from './use-found';

export interface PaletteOffer extends Offer {
  icon?: ReactNode;
  /** What stands behind the label, in fewer words. */
  detail?: ReactNode;
  keys?: string;
  run: () => void;
}

const PIPELINES = 'Pipelines by name';
const RUNS = 'Runs by name or id';

/** What the page and the app offer, each with its key unless another one has taken that. */
export function commandOffers(commands: readonly Command[]): PaletteOffer[] {
  const keyed = effective(commands);
  return commands.map((command) => {
    const { id, label, section, run, keys } = command;
    return { id, label, section, run, ...(keys && keyed.includes(command) ? { keys } : {}) };
  });
}

/** What the server found, each leading to its page. */
export function foundOffers(
  { text, pipelines, runs, hasMoreRuns }: ReturnType<typeof useFound>,
  go: (to: string) => void,
): PaletteOffer[] {
  const more: PaletteOffer = {
    id: 'found.more',
    label: `All runs with “${text}”`,
    section: RUNS,
    isFound: true,
    run: () => go(`/runs?${new URLSearchParams({ q: text })}`),
  };
  return [
    ...pipelines.map(({ id, name, archivedAt }) => ({
      id,
      label: name,
      section: PIPELINES,
      isFound: true,
      icon: <Workflow size={16} aria-hidden />,
      detail: archivedAt ? 'Archived' : undefined,
      run: () => go(`/pipelines/${name}`),
    })),
    ...runs.map(({ id, status, createdAt, pipeline }) => ({
      id,
      label: `${pipeline.name} · ${shortId(id)}`,
      section: RUNS,
      isFound: true,
      icon: <StatusIcon status={status} />,
      detail: (
        <>
          {lookOf(status).label}
          <span className={classes.time}>
            {' · '}
            <RelativeTime at={createdAt} />
          </span>
        </>
      ),
      run: () => go(`/runs/${id}`),
    })),
    ...(hasMoreRuns ? [more] : []),
  ];
}
