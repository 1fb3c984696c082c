import type { RefObject } from 'react';
import { useNavigate } from 'react-router';
import { useCommands } from './commands';

interface RowCommands {
  /**
   * What holds the rows. In each, the link that opens it has `data-row`; a row of a pipeline that can
   * be started names it in `data-pipeline`.
   */
  rows: RefObject<HTMLElement | null>;
  section: string;
  /** What a row is: `run`. */
  noun: string;
}

/** `j` and `k` walk the rows of a list, and `n` starts a run; Enter is then the link's own. */
export function useRowCommands({ rows, section, noun }: RowCommands): void {
  const navigate = useNavigate();
  const step = (by: 1 | -1) => {
    const links = [...(rows.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const row = document.activeElement?.closest('tr');
    const at = links.findIndex((link) => row?.contains(link));
    const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by;
    links[next]?.focus();
  };
  const start = () => {
    const row = document.activeElement?.closest<HTMLElement>('tr');
    if (!row || !rows.current?.contains(row)) step(1);
    else if (row.dataset.pipeline) void navigate(`/pipelines/${row.dataset.pipeline}/run`);
  };
  const offer = (name: string, label: string, keys: string, run: () => void) => ({
    id: `${section.toLowerCase()}.${name}`,
    label,
    section,
    keys,
    run,
  });
  useCommands([
    offer('next', `Next ${noun}; Enter opens it`, 'j', () => step(1)),
    offer('previous', `Previous ${noun}`, 'k', () => step(-1)),
    offer('start', `Start a run of the pipeline in focus`, 'n', start),
  ]);
}
