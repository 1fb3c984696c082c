import { Link } from 'react-router';
import { useLiveState } from '@/shared/api';
import { Page, usePage } from '@/shared/page';
import { titleMark } from '@/shared/status';
import { OpenAsGraphQL } from '@/shared/ui';
import { Cleanup } from './Cleanup';
import { ToolsQueue, ToolsService, ToolsWorkers } from './documents';
import { LivePanel } from './Panel';
import { Queue } from './Queue';
import { RateLimit } from './RateLimit';
import { Facts, Health } from './Service';
import classes from './tools.module.css';
import { Workers } from './Workers';

/** `/tools`: how the service is, told live. */
export function ToolsRoute() {
  const service = useLiveState(ToolsService);
  const workers = useLiveState(ToolsWorkers);
  const queue = useLiveState(ToolsQueue);
  const unwell = service.data?.service.checks.filter(({ ok }) => !ok) ?? [];
  usePage(
    unwell.length > 0
      ? `${titleMark('FAILED')} ${unwell.map(({ name }) => name).join(', ')} · Tools`
      : 'Tools',
    [{ label: 'Tools' }],
  );
  return (
    <Page
      heading="Tools"
      actions={
        <>
          <Link to="/tools/streams">Streams</Link>
          <OpenAsGraphQL document={ToolsQueue} variables={{}} />
        </>
      }
    >
      <div className={classes.grid}>
        <LivePanel title="Health" rows={3} state={service}>
          {(data) => <Health service={data.service} />}
        </LivePanel>
        <LivePanel title="Service" rows={3} state={service}>
          {(data) => <Facts service={data.service} />}
        </LivePanel>
        <div className={classes.wide}>
          <LivePanel title="Workers" rows={2} state={workers}>
            {(data) => <Workers workers={data.workers} />}
          </LivePanel>
        </div>
        <div className={classes.wide}>
          <LivePanel title="Queue" rows={4} state={queue}>
            {(data) => <Queue queue={data.queue} />}
          </LivePanel>
        </div>
        <RateLimit />
        <Cleanup />
      </div>
    </Page>
  );
}
