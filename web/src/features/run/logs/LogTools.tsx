import { ArrowDown, ArrowUp, Copy, Download } from 'lucide-react';
import type { RefObject } from 'react';
import { useEffect, useState } from 'react';
import { copyText } from '@/shared/ui';
import { IconButton } from '../IconButton';
import { LEVELS } from '../model/address';
import { plainText } from '../model/ansi';
import type { LogLine } from '../model/log-window';
import { useRun } from '../run-context';
import { saveAs } from '../save-as';
import type { LogStore } from './log-store';
import classes from './logs.module.css';

interface LogToolsProps {
  store: LogStore;
  search: RefObject<HTMLInputElement | null>;
  /** What the last search did not find. */
  missed: string | null;
  onSought: () => void;
  onMatch: (step: 1 | -1, part: string) => void;
}

export function LogTools({ store, search, missed, onSought, onMatch }: LogToolsProps) {
  const { address, go, id } = useRun();
  const { block, attempt, level, q } = address;
  const [saved, setSaved] = useState<string | null>(null);
  // The address follows what is typed, a moment later.
  const [typed, setTyped] = useState(q);
  useEffect(() => {
    if (document.activeElement !== search.current) setTyped(q);
  }, [q, search]);
  const download = async () => {
    const parts: string[] = [];
    let count = 0;
    for await (const lines of store.everything()) {
      parts.push(textOf(lines));
      count += lines.length;
      setSaved(`${count} lines…`);
    }
    setSaved(null);
    saveAs(`${id}${block ? `-${block}` : ''}.log`, 'text/plain', parts);
  };
  return (
    <div className={classes.tools}>
      <label>
        Level{' '}
        <select
          className={classes.field}
          value={level}
          onChange={(event) =>
            go({ level: LEVELS.find((each) => each === event.target.value) ?? 'DEBUG' })
          }
        >
          {LEVELS.map((each) => (
            <option key={each} value={each}>
              {each === 'DEBUG' ? 'All' : `${each.toLowerCase()} and up`}
            </option>
          ))}
        </select>
      </label>
      <input
        ref={search}
        type="search"
        className={classes.field}
        aria-label="Search the log"
        placeholder="Search ( / )"
        maxLength={1000}
        value={typed}
        onChange={(event) => {
          onSought();
          setTyped(event.target.value);
          go({ q: event.target.value }, { replace: true });
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && typed !== '') onMatch(event.shiftKey ? -1 : 1, typed);
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <IconButton
        label="Previous match (N)"
        disabled={typed === ''}
        onClick={() => onMatch(-1, typed)}
      >
        <ArrowUp size={14} aria-hidden />
      </IconButton>
      <IconButton label="Next match (n)" disabled={typed === ''} onClick={() => onMatch(1, typed)}>
        <ArrowDown size={14} aria-hidden />
      </IconButton>
      <span role="status" className={classes.dimmed}>
        {missed ?? saved}
      </span>
      <span className={classes.gap} />
      {block !== null && (
        <span className={classes.only}>
          Only <b>{block}</b>
          {attempt !== null && `, attempt ${attempt}`}{' '}
          <button type="button" className={classes.plain} onClick={() => go({ block: null })}>
            Show all
          </button>
        </span>
      )}
      <IconButton
        label="Copy the lines that are here"
        onClick={() => void copyText(textOf(store.view.get().lines))}
      >
        <Copy size={14} aria-hidden />
      </IconButton>
      <IconButton label="Download the whole log" onClick={() => void download()}>
        <Download size={14} aria-hidden />
      </IconButton>
    </div>
  );
}

function textOf(lines: readonly LogLine[]): string {
  return lines
    .map(({ timestamp, level, block, message, omitted }) =>
      omitted > 0
        ? `${timestamp} (${omitted} lines not kept)\n`
        : `${timestamp} ${level.padEnd(7)} ${block ?? ''} ${plainText(message)}\n`,
    )
    .join('');
}
