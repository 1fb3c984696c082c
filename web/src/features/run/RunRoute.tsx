import { lazy, Suspense, useMemo, useState } from 'react';
import { useParams } from 'react-router';
import { ErrorPanel, LiveRegion, NoSuchBlock, PanelBoundary } from '@/shared/ui';
import { FailureBanner } from './FailureBanner';
import { RunEventsProvider, useEventListeners } from './live/events';
import { useRunStream } from './live/use-run-stream';
import { useLogStores } from './logs/log-stores';
import { addressTo, changed } from './model/address';
import { NoRun } from './NoRun';
import { NoSuchRun } from './NoSuchRun';
import { RunPanels } from './panels/RunPanels';
import { RunHeader } from './RunHeader';
import { RunKeys } from './RunKeys';
import classes from './run.module.css';
import { RunProvider } from './run-context';
import { RunTabs } from './tabs/RunTabs';
import { useAddress } from './use-address';

const RerunDialog = lazy(() => import('./actions/RerunDialog'));

/** `/runs/:id?view=split|graph|gantt&tab=&block=&attempt=&level=&q=#L120`. */
export function RunRoute() {
  const { id = '' } = useParams();
  return <RunPage key={id} id={id} />;
}

function RunPage({ id }: { id: string }) {
  const listeners = useEventListeners();
  const { state, plan, statuses, hasBlocks, restart } = useRunStream(id, listeners.tell);
  const { address, now, go } = useAddress();
  const logs = useLogStores(id);
  const [isRerunning, setRerunning] = useState(false);
  const onPage = useMemo(
    () => plan && { id, ...plan, statuses, hasBlocks, address, now, go, logs },
    [id, plan, statuses, hasBlocks, address, now, go, logs],
  );
  if (state.phase === 'absent') return <NoSuchRun id={id} />;
  if (!onPage) return <NoRun id={id} state={state} restart={restart} />;
  const isLost =
    address.block !== null && !onPage.blocks.some(({ name }) => name === address.block);
  const rerun = () => setRerunning(true);
  return (
    <RunEventsProvider value={listeners}>
      <RunProvider value={onPage}>
        <LiveRegion className={classes.page}>
          <RunHeader onRerun={rerun} />
          {state.phase === 'failed' && <ErrorPanel problem={state.problem} onRetry={restart} />}
          {hasBlocks && (
            <PanelBoundary name="What failed">
              <FailureBanner onRerun={rerun} />
            </PanelBoundary>
          )}
          {isLost && (
            <NoSuchBlock
              name={address.block ?? ''}
              names={onPage.blocks.map(({ name }) => name)}
              to={(block) => addressTo(changed(address, { block }))}
            />
          )}
          <RunPanels />
          {!isLost && <RunTabs />}
        </LiveRegion>
        <RunKeys />
        {isRerunning && (
          <Suspense>
            <RerunDialog onClose={() => setRerunning(false)} />
          </Suspense>
        )}
      </RunProvider>
    </RunEventsProvider>
  );
}
