import type { To } from 'react-router';
import { Link } from 'react-router';
import { nearest } from '@/shared/text';
import { EmptyState } from './EmptyState';
import { NearestNames } from './NearestNames';

const MOST = 5;

interface NoSuchBlockProps {
  name: string;
  /** The blocks that there are. */
  names: readonly string[];
  /** The address with another block chosen, or with none. */
  to: (block: string | null) => To;
}

/** A block that an address names and that is not there; the rest of the page is as without it. */
export function NoSuchBlock({ name, names, to }: NoSuchBlockProps) {
  const near = nearest(name, names);
  return (
    <EmptyState
      title={`There is no block ${name}`}
      actions={<Link to={to(null)}>Show the page without it</Link>}
    >
      <p>None of the {names.length} blocks is called that; it may be one of another version.</p>
      <NearestNames names={near.length > 0 ? near : names.slice(0, MOST)} to={to}>
        {near.length > 0 ? 'Perhaps:' : 'There are:'}
      </NearestNames>
    </EmptyState>
  );
}
