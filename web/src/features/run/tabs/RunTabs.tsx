import { Later, PanelBoundary } from '@/shared/ui';
import { ArtifactsTab } from '../artifacts/ArtifactsTab';
import { LogPanel } from '../logs/LogPanel';
import { TABS, type Tab } from '../model/address';
import { useRun } from '../run-context';
import { DefinitionTab } from './DefinitionTab';
import { EventsTab } from './EventsTab';
import { InOutTab } from './InOutTab';
import classes from './run-tabs.module.css';
import { Tabs } from './Tabs';

const NAMES: Record<Tab, string> = {
  logs: 'Logs',
  artifacts: 'Artifacts',
  io: 'Inputs/Outputs',
  events: 'Events',
  definition: 'Definition',
};
const PANELS: Record<Tab, () => React.ReactNode> = {
  logs: LogPanel,
  artifacts: ArtifactsTab,
  io: InOutTab,
  events: EventsTab,
  definition: DefinitionTab,
};

/** What the run said, made, took and did. */
export function RunTabs() {
  const { hasBlocks, address, go } = useRun();
  const Panel = PANELS[address.tab];
  return (
    <Tabs
      label="Details"
      className={classes.tabs}
      tabs={TABS.map((id) => ({ id, label: NAMES[id] }))}
      chosen={address.tab}
      onChoose={(tab) => go({ tab })}
    >
      {hasBlocks && (
        <Later>
          <PanelBoundary key={address.tab} name={NAMES[address.tab]}>
            <Panel />
          </PanelBoundary>
        </Later>
      )}
    </Tabs>
  );
}
