import type { Command } from '@/shared/commands';
import { DESTINATIONS } from './Rail';
import { GO_TO } from './sections';

interface Place {
  label: string;
  to: string;
  keys?: string;
}

/** Every screen to go back to that has no name in its address. */
export const PLACES: readonly Place[] = [
  ...DESTINATIONS.map(({ label, to, keys }) => ({ label, to, keys })),
  { label: 'Streams', to: '/tools/streams', keys: 'g s' },
];

/** Another page, of a build of its own. */
const API: Place = { label: 'API (GraphiQL)', to: '/graphiql/' };

/** What leads to each screen. */
export function goToCommands(go: (to: string) => void): Command[] {
  const leading = (run: (to: string) => void) => (place: Place) => ({
    id: `go.${place.to}`,
    label: `Go to ${place.label}`,
    section: GO_TO,
    ...(place.keys ? { keys: place.keys } : {}),
    run: () => run(place.to),
  });
  const leave = (to: string) => location.assign(to);
  const write = {
    id: 'go.new',
    label: 'Write a new pipeline',
    section: GO_TO,
    run: () => go('/pipelines/new'),
  };
  return [...PLACES.map(leading(go)), write, ...[API].map(leading(leave))];
}
