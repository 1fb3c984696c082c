import type { RunFilter } from '@/gql/graphql';
import type { RunStatus } from '@/gql/schema-enums';
import { RUN_STATUSES } from '@/shared/status';

export const PAGE_SIZE = 50;

/** What of the runs is looked at; the address says all of it. */
export interface View {
  /** Any of these; none means all. */
  status: readonly RunStatus[];
  pipeline: string;
  /** A part of the run's id or of its pipeline's name. */
  q: string;
  /** The page after or before a cursor; neither means the newest. */
  after: string;
  before: string;
}

export function viewOf(params: URLSearchParams): View {
  const wanted = (params.get('status') ?? '').toUpperCase().split(',');
  const after = params.get('after') ?? '';
  return {
    status: RUN_STATUSES.filter((status) => wanted.includes(status)),
    pipeline: params.get('pipeline') ?? '',
    q: params.get('q') ?? '',
    after,
    before: after ? '' : (params.get('before') ?? ''),
  };
}

/** What the address says of a view: nothing of what is as it is by default. */
export function paramsOf({ status, ...rest }: View): Record<string, string> {
  const all = { status: status.join(',').toLowerCase(), ...rest };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

/** The view with other conditions, which begin at the newest run again. */
export function narrowed(view: View, more: Partial<View>): View {
  return { ...view, after: '', before: '', ...more };
}

export const isNarrowed = ({ status, pipeline, q }: View) =>
  status.length > 0 || pipeline !== '' || q.trim() !== '';

export const isNewest = ({ after, before }: View) => after === '' && before === '';

/** The API's filter for a view; null where it has no conditions. */
export function filterOf({
  status,
  pipeline,
  q,
}: Omit<View, 'after' | 'before'>): RunFilter | null {
  const filter: RunFilter = {};
  if (status.length > 0) filter.status = [...status];
  if (pipeline) filter.pipeline = pipeline;
  if (q.trim()) filter.search = q.trim();
  return Object.keys(filter).length > 0 ? filter : null;
}

export function pageVariables(view: View) {
  const filter = filterOf(view);
  if (view.before) return { filter, last: PAGE_SIZE, before: view.before };
  return { filter, first: PAGE_SIZE, after: view.after || null };
}

interface Summary {
  id: string;
  status: RunStatus;
  pipeline: { name: string };
}

/** Whether a run is one of those that the view asks for, as the server judges it. */
export function belongs(view: View, run: Summary): boolean {
  const part = view.q.trim().toLowerCase();
  const { name } = run.pipeline;
  return (
    (view.status.length === 0 || view.status.includes(run.status)) &&
    (view.pipeline === '' || view.pipeline === name) &&
    (run.id.toLowerCase().includes(part) || name.toLowerCase().includes(part))
  );
}
