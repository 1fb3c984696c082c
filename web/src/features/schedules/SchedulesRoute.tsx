import { Button } from '@mantine/core';
import { Link, Outlet, useNavigate, useSearchParams } from 'react-router';
import { useLiveState } from '@/shared/api';
import { useCommands } from '@/shared/commands';
import { Page, usePage } from '@/shared/page';
import { ErrorPanel, LiveRegion, LoadingRows, OpenAsGraphQL, PanelBoundary } from '@/shared/ui';
import { DeleteDialog } from './DeleteDialog';
import { SchedulesLive } from './documents';
import { NoSchedules } from './NoSchedules';
import { PauseDialog } from './PauseDialog';
import { ScheduleTable } from './ScheduleTable';

/** `/schedules?pause=&delete=`, told live; the form for a schedule opens over it. */
export function SchedulesRoute() {
  usePage('Schedules', [{ label: 'Schedules' }]);
  const { data, problem, restart } = useLiveState(SchedulesLive);
  const [search, setSearch] = useSearchParams();
  const paused = search.get('pause');
  const deleted = search.get('delete');
  const navigate = useNavigate();
  useCommands([
    {
      id: 'schedules.new',
      label: 'New schedule',
      section: 'Schedules',
      keys: 'n',
      run: () => void navigate('/schedules/new'),
    },
  ]);
  const schedules = data?.schedules;
  const close = () => setSearch({}, { replace: true });
  return (
    <Page
      heading="Schedules"
      actions={
        <>
          <Button size="xs" component={Link} to="/schedules/new">
            New schedule
          </Button>
          <OpenAsGraphQL document={SchedulesLive} variables={{}} />
        </>
      }
    >
      {problem && <ErrorPanel problem={problem} onRetry={restart} />}
      {!data && !problem && <LoadingRows label="schedules" />}
      {schedules?.length === 0 && <NoSchedules />}
      {schedules && schedules.length > 0 && (
        <LiveRegion>
          <PanelBoundary name="The list of schedules">
            <ScheduleTable schedules={schedules} />
          </PanelBoundary>
        </LiveRegion>
      )}
      {paused && <PauseDialog name={paused} onClose={close} />}
      {deleted && <DeleteDialog name={deleted} onClose={close} />}
      <Outlet />
    </Page>
  );
}
