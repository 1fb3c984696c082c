import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from '@/shared/api';
import { useCommands } from '@/shared/commands';
import { ErrorPanel, LoadingRows } from '@/shared/ui';
import { isOfOneLog } from '../model/address';
import { indexOf } from '../model/log-window';
import { SECTION, useRun } from '../run-context';
import { useInTurn } from '../use-in-turn';
import { LogEmpty } from './LogEmpty';
import { LogList, type LogListHandle } from './LogList';
import { LogPane } from './LogPane';
import { LogTools } from './LogTools';
import classes from './logs.module.css';

/** The log: of the whole run, or of what is selected. */
export function LogPanel() {
  const { address, now, go, logs } = useRun();
  const inTurn = useInTurn();
  const { block, attempt, level, q, line } = address;
  const store = useMemo(
    () => logs.of({ block, attempt, minLevel: level }),
    [logs, block, attempt, level],
  );
  const view = useStore(store.view);
  const list = useRef<LogListHandle>(null);
  const search = useRef<HTMLInputElement>(null);
  const [missed, setMissed] = useState<string | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the line is where it begins; later ones are reached below
  useEffect(() => {
    store.start(line);
    return () => store.stop();
  }, [store]);
  useEffect(() => {
    if (line === null || view.phase !== 'ready') return;
    let isWanted = true;
    store
      .reach(line)
      .then((isThere) => {
        if (isWanted && isThere) list.current?.show(line);
      })
      .catch(reportError);
    return () => {
      isWanted = false;
    };
  }, [store, line, view.phase]);

  const seekMatch = async (step: 1 | -1, part: string) => {
    const begun = now();
    const found = await store.find({ search: part }, begun.line, step);
    // Of another log it would be another line.
    if (!isOfOneLog(begun, now())) return;
    setMissed(found === null ? `No ${step === 1 ? 'later' : 'earlier'} line has “${part}”` : null);
    if (found !== null) go({ line: found }, { replace: true });
  };
  const toMatch = (step: 1 | -1, part: string) => inTurn(() => seekMatch(step, part));
  useCommands([
    {
      id: 'log.follow',
      label: 'Follow the log',
      section: SECTION,
      keys: 'f',
      run: () => list.current?.follow(),
    },
    {
      id: 'log.search',
      label: 'Search the log',
      section: SECTION,
      keys: '/',
      run: () => search.current?.focus(),
    },
    ...(q === ''
      ? []
      : [
          {
            id: 'log.next',
            label: 'Next match',
            section: SECTION,
            keys: 'n',
            run: () => toMatch(1, q),
          },
          {
            id: 'log.before',
            label: 'Previous match',
            section: SECTION,
            keys: 'Shift+N',
            run: () => toMatch(-1, q),
          },
        ]),
  ]);
  const at = line === null ? -1 : indexOf(view.lines, line);
  const chosen = view.lines[at]?.seq === line ? view.lines[at] : undefined;
  return (
    <div className={classes.panel}>
      <LogTools
        store={store}
        search={search}
        missed={missed}
        onSought={() => setMissed(null)}
        onMatch={toMatch}
      />
      {view.problem && <ErrorPanel problem={view.problem} onRetry={() => store.retry()} />}
      {view.phase === 'loading' && !view.problem && (
        <LoadingRows label="the log" rows={12} rowHeight={20} />
      )}
      {view.phase === 'ready' && view.lines.length === 0 && <LogEmpty />}
      {view.phase === 'ready' && view.lines.length > 0 && (
        <div className={classes.beside}>
          <LogList ref={list} store={store} view={view} />
          {chosen && <LogPane key={chosen.seq} line={chosen} />}
        </div>
      )}
    </div>
  );
}
