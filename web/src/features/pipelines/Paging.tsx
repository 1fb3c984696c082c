import { Button } from '@mantine/core';
import classes from './pipelines.module.css';

interface PagingProps {
  page: { hasNextPage: boolean; endCursor?: string | null };
  after: string;
  onGo: (after: string) => void;
}

export function Paging({ page, after, onGo }: PagingProps) {
  if (!after && !page.hasNextPage) return null;
  return (
    <nav className={classes.paging} aria-label="Pages">
      <Button size="xs" variant="default" disabled={!after} onClick={() => onGo('')}>
        First page
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={!page.hasNextPage}
        onClick={() => onGo(page.endCursor ?? '')}
      >
        Next page
      </Button>
    </nav>
  );
}
