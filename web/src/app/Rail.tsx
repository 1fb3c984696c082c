import {
  Braces,
  CalendarClock,
  Database,
  type LucideIcon,
  Play,
  Workflow,
  Wrench,
  Zap,
} from 'lucide-react';
import { NavLink } from 'react-router';

interface Destination {
  label: string;
  to: string;
  keys: string;
  icon: LucideIcon;
}

export const DESTINATIONS: readonly Destination[] = [
  { label: 'Runs', to: '/runs', keys: 'g r', icon: Play },
  { label: 'Pipelines', to: '/pipelines', keys: 'g p', icon: Workflow },
  { label: 'Schedules', to: '/schedules', keys: 'g c', icon: CalendarClock },
  { label: 'Datasets', to: '/datasets', keys: 'g d', icon: Database },
  { label: 'Triggers', to: '/triggers', keys: 'g t', icon: Zap },
  { label: 'Tools & Streams', to: '/tools', keys: 'g o', icon: Wrench },
];

export function Rail() {
  return (
    <nav className="rail" aria-label="Screens">
      {DESTINATIONS.map(({ label, to, icon: Icon }) => (
        <NavLink key={to} to={to} className="rail-link">
          <Icon size={18} aria-hidden />
          <span>{label}</span>
        </NavLink>
      ))}
      {/* Another page, of a build of its own. */}
      <a href="/graphiql/" className="rail-link">
        <Braces size={18} aria-hidden />
        <span>API</span>
      </a>
    </nav>
  );
}
