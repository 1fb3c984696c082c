import { useCommands } from '@/shared/commands';
import { isOfOneLog, VIEWS, type View } from './model/address';
import { SECTION, useRun } from './run-context';
import { useInTurn } from './use-in-turn';

const VIEW_NAMES: Record<View, string> = {
  split: 'Graph and time',
  graph: 'Graph alone',
  gantt: 'Time alone',
};

/** What can be done on a run's page by key. */
export function RunKeys() {
  const { blocks, address, now, go, logs } = useRun();
  const inTurn = useInTurn();
  const step = (by: 1 | -1) => {
    const { block: chosen } = now();
    const at = blocks.findIndex(({ name }) => name === chosen);
    const next = at < 0 ? (by === 1 ? 0 : blocks.length - 1) : at + by;
    const block = blocks[next];
    if (block) go({ block: block.name });
  };
  const toError = async (by: 1 | -1) => {
    const begun = now();
    const { block, attempt, level, line } = begun;
    const store = logs.of({ block, attempt, minLevel: level });
    const found =
      (await store.find({ minLevel: 'ERROR' }, line, by)) ??
      // Beyond the last one it begins anew.
      (line === null ? null : await store.find({ minLevel: 'ERROR' }, null, by));
    // Of another log it would be another line.
    if (isOfOneLog(begun, now())) go({ tab: 'logs', ...(found === null ? {} : { line: found }) });
  };
  const follow = () => {
    const { block, attempt, level } = now();
    // The panel that is opened begins where its log says.
    logs.of({ block, attempt, minLevel: level }).following = true;
    go({ tab: 'logs', line: null });
  };
  useCommands([
    ...VIEWS.map((view, at) => ({
      id: `run.view.${view}`,
      label: VIEW_NAMES[view],
      section: SECTION,
      keys: String(at + 1),
      run: () => go({ view }),
    })),
    { id: 'run.next', label: 'Next block', section: SECTION, keys: ']', run: () => step(1) },
    {
      id: 'run.previous',
      label: 'Previous block',
      section: SECTION,
      keys: '[',
      run: () => step(-1),
    },
    {
      id: 'run.error',
      label: 'Next error',
      section: SECTION,
      keys: 'e',
      run: () => inTurn(() => toError(1)),
    },
    {
      id: 'run.error.before',
      label: 'Previous error',
      section: SECTION,
      keys: 'Shift+E',
      run: () => inTurn(() => toError(-1)),
    },
    { id: 'run.logs', label: 'Logs', section: SECTION, keys: 'l', run: () => go({ tab: 'logs' }) },
    {
      id: 'run.artifacts',
      label: 'Artifacts',
      section: SECTION,
      keys: 'a',
      run: () => go({ tab: 'artifacts' }),
    },
    {
      id: 'run.clear',
      label: 'Clear the selection',
      section: SECTION,
      keys: 'Escape',
      run: () => go({ block: null, line: null }),
    },
    ...(address.tab === 'logs'
      ? []
      : [{ id: 'run.follow', label: 'Follow the log', section: SECTION, keys: 'f', run: follow }]),
  ]);
  return null;
}
