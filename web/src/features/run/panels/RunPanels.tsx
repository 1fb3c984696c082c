import { useMediaQuery } from '@mantine/hooks';
import { Later, PanelBoundary } from '@/shared/ui';
import { Gantt } from '../gantt/Gantt';
import { VIEWS, type View } from '../model/address';
import { useRun } from '../run-context';
import { Tabs } from '../tabs/Tabs';
import classes from './panels.module.css';
import { RunGraph } from './RunGraph';

const NAMES: Record<View, string> = { split: 'Split', graph: 'Graph', gantt: 'Time' };

/** The graph and the time of the blocks: beside each other, or one of them. */
export function RunPanels() {
  const { hasBlocks, address, go } = useRun();
  const isNarrow = useMediaQuery('(max-width: 900px)') ?? false;
  const view = isNarrow && address.view === 'split' ? 'graph' : address.view;
  const offered = VIEWS.filter((each) => !isNarrow || each !== 'split');
  return (
    <Tabs
      label="View"
      tabs={offered.map((each) => ({ id: each, label: NAMES[each] }))}
      chosen={view}
      onChoose={(next) => go({ view: next })}
    >
      <div className={classes.panels} data-view={view}>
        {view !== 'gantt' && (
          <div className={classes.pane}>
            <PanelBoundary name="The graph">
              <RunGraph />
            </PanelBoundary>
          </div>
        )}
        {view !== 'graph' && (
          <div className={classes.pane}>
            <PanelBoundary name="The time of the blocks">
              {hasBlocks && (
                <Later>
                  <Gantt />
                </Later>
              )}
            </PanelBoundary>
          </div>
        )}
      </div>
    </Tabs>
  );
}
