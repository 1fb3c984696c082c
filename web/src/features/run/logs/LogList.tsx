import { ArrowDown } from 'lucide-react';
import {
  type MouseEvent,
  type Ref,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { formatCount } from '@/shared/text';
import { useFixedRows } from '../fixed-rows';
import { indexOf, shiftOf } from '../model/log-window';
import { useRun } from '../run-context';
import { LogRow } from './LogRow';
import type { LogStore, LogView } from './log-store';
import classes from './logs.module.css';

const ROW = 20;
/** Rows from an end of what is in memory at which more is asked for. */
const NEAR = 40;

export interface LogListHandle {
  follow: () => void;
  show: (seq: number) => void;
}

interface LogListProps {
  store: LogStore;
  view: LogView;
  ref: Ref<LogListHandle>;
}

/** The lines in memory, of which those that are seen are drawn. It moves by itself at the end alone. */
export function LogList({ store, view, ref }: LogListProps) {
  const { address, go } = useRun();
  const { lines, hasBefore, hasAfter, fresh } = view;
  const scroller = useRef<HTMLDivElement>(null);
  const { first, end, scrolled } = useFixedRows(scroller, lines.length, ROW);
  const [isFollowing, setFollowing] = useState(store.following);
  const seen = useRef({ lines, top: 0 });

  const setFollows = (follows: boolean) => {
    store.following = follows;
    setFollowing(follows);
  };
  const toEnd = () => {
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  };
  const follow = () => {
    setFollows(true);
    void store.latest().then(toEnd);
    toEnd();
  };
  const show = (seq: number) => {
    const element = scroller.current;
    if (!element) return;
    setFollows(false);
    const at = indexOf(store.view.get().lines, seq) * ROW;
    const isSeen = at >= element.scrollTop && at + ROW <= element.scrollTop + element.clientHeight;
    if (!isSeen) element.scrollTop = at - element.clientHeight / 2;
    element.scrollIntoView({ block: 'nearest' });
    scrolled();
  };
  useImperativeHandle(ref, () => ({ follow, show }));

  // Before it is painted: the end stays the end, and all else stays where the reader sees it.
  useLayoutEffect(() => {
    const element = scroller.current;
    const shift = shiftOf(seen.current.lines, lines);
    seen.current.lines = lines;
    if (!element) return;
    if (store.following) element.scrollTop = element.scrollHeight;
    else if (shift !== 0) element.scrollTop += shift * ROW;
    seen.current.top = element.scrollTop;
    scrolled();
  }, [lines, store, scrolled]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    const isUp = scrollTop < seen.current.top;
    seen.current.top = scrollTop;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < ROW && !hasAfter;
    if (isUp && !isAtEnd && store.following) setFollows(false);
    if (isAtEnd && !store.following && !isUp) {
      setFollows(true);
      void store.latest();
    }
    if (hasBefore && scrollTop < NEAR * ROW) void store.earlier();
    if (hasAfter && scrollHeight - scrollTop - clientHeight < NEAR * ROW) void store.later();
    scrolled();
  };
  const onClick = (event: MouseEvent<HTMLElement>) => {
    // Text that was just selected is to be copied, not left.
    if (document.getSelection()?.isCollapsed === false) return;
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-seq]');
    const seq = Number(row?.dataset.seq);
    if (seq) go({ line: seq === address.line ? null : seq }, { replace: true });
  };
  return (
    <div className={classes.listed}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: e, n and N go to lines by key */}
      <div
        ref={scroller}
        className={classes.list}
        role="log"
        aria-label="Log"
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
        tabIndex={0}
        onScroll={onScroll}
        onClick={onClick}
      >
        <div style={{ height: lines.length * ROW }} className={classes.whole}>
          <div style={{ transform: `translateY(${first * ROW}px)` }}>
            {lines.slice(first, end).map((line) => (
              <LogRow
                key={line.seq}
                line={line}
                isChosen={line.seq === address.line}
                isNamed={address.block === null}
                sought={address.q}
              />
            ))}
          </div>
        </div>
      </div>
      {!isFollowing && (
        <button type="button" className={classes.latest} onClick={follow}>
          <ArrowDown size={14} aria-hidden />
          Jump to latest{fresh > 0 && ` · ${formatCount(fresh)} new`}
        </button>
      )}
    </div>
  );
}
