import { Button } from '@mantine/core';
import { Link, useLocation } from 'react-router';
import { usePage } from '@/shared/page';
import { EmptyState, NearestNames } from '@/shared/ui';
import { PLACES } from './go-to';
import { nearestPlaces } from './nearest-places';

const ADDRESSES = PLACES.map(({ to }) => to);

export function NotFound() {
  const { pathname } = useLocation();
  usePage('Not found', [{ label: 'Not found' }]);
  const near = nearestPlaces(pathname, ADDRESSES);
  return (
    <EmptyState
      title="There is no such page"
      actions={
        <Button size="xs" variant="default" component={Link} to="/runs">
          Go to the runs
        </Button>
      }
    >
      <p>Nothing is at {pathname}: the address is mistyped, or of another version.</p>
      <NearestNames names={near.length > 0 ? near : ADDRESSES} to={(place) => place}>
        {near.length > 0 ? 'Perhaps:' : 'There are:'}
      </NearestNames>
    </EmptyState>
  );
}
