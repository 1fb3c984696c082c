import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { formatCount } from '@/shared/text';
import { isNewest, narrowed, paramsOf, type View } from './model/view';
import classes from './runs.module.css';

interface PagerProps {
  view: View;
  total: number;
  isExact: boolean;
  page: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor?: string | null;
    endCursor?: string | null;
  };
}

export function Pager({ view, total, isExact, page }: PagerProps) {
  const to = (more: Partial<View>) => `?${new URLSearchParams(paramsOf(narrowed(view, more)))}`;
  const { hasNextPage, hasPreviousPage, startCursor, endCursor } = page;
  return (
    <nav className={classes.pager} aria-label="Pages of runs">
      <span>
        {isExact ? '' : 'about '}
        {formatCount(total)} {total === 1 ? 'run' : 'runs'}
      </span>
      {!isNewest(view) && (
        <Button size="xs" variant="default" component={Link} to={to({})}>
          Newest
        </Button>
      )}
      {!isNewest(view) && hasPreviousPage && startCursor && (
        <Button size="xs" variant="default" component={Link} to={to({ before: startCursor })}>
          Newer
        </Button>
      )}
      {hasNextPage && endCursor && (
        <Button size="xs" variant="default" component={Link} to={to({ after: endCursor })}>
          Older
        </Button>
      )}
    </nav>
  );
}
