import { Page, usePage } from '@/shared/page';
import { shortId } from '@/shared/text';
import { ErrorPanel, LoadingRows } from '@/shared/ui';
import type { StreamState } from './live/run-stream';

interface NoRunProps {
  id: string;
  state: StreamState;
  restart: () => void;
}

/** A run's page without the run: it is on its way, or did not come. */
export function NoRun({ id, state, restart }: NoRunProps) {
  const name = `run ${shortId(id)}`;
  usePage(name, [{ label: 'Runs', to: '/runs' }, { label: name }]);
  return (
    <Page heading={name}>
      {state.phase === 'failed' ? (
        <ErrorPanel problem={state.problem} onRetry={restart} />
      ) : (
        <LoadingRows label="the run" rows={24} />
      )}
    </Page>
  );
}
