/** What a screen wants at once when the browser is sent to its address. */
export interface FirstNeeds {
  /** As in the table of routes. */
  path: string;
  /** The features whose files it is made of. */
  features: readonly string[];
  /** The query that it is drawn of; not where the address goes on with `?`, which says what else is wanted. */
  ask?: {
    operation: string;
    /** Just as the screen asks it: `:id` stands for that part of the address. */
    variables: Record<string, string | number | null>;
    /** Whether what follows a `?` changes nothing of what is asked. */
    whateverFollows?: boolean;
  };
}

const runs: FirstNeeds = {
  path: '/runs',
  features: ['runs'],
  // What changed in between is told by the subscription, which begins ten seconds back.
  ask: { operation: 'RunsPage', variables: { filter: null, first: 50, after: null } },
};

/** Fetched before the pages' scripts have come and run, which then find it there. */
export const FIRST_NEEDS: readonly FirstNeeds[] = [
  { ...runs, path: '/' },
  runs,
  {
    path: '/runs/:id',
    features: ['run'],
    ask: { operation: 'RunSnapshot', variables: { id: ':id' }, whateverFollows: true },
  },
  { path: '/pipelines', features: ['pipelines'] },
  { path: '/pipelines/new', features: ['editor'] },
  { path: '/pipelines/:name', features: ['pipeline'] },
  { path: '/pipelines/:name/edit', features: ['editor'] },
  { path: '/pipelines/:name/run', features: ['pipeline', 'start-run'] },
  { path: '/schedules', features: ['schedules'] },
  { path: '/schedules/new', features: ['schedules', 'schedule-form'] },
  { path: '/schedules/:name/edit', features: ['schedules', 'schedule-form'] },
  { path: '/datasets', features: ['datasets'] },
  { path: '/triggers', features: ['triggers'] },
  { path: '/tools', features: ['tools'] },
  { path: '/tools/streams', features: ['streams'] },
];
