import { CloseButton } from '@mantine/core';
import { formatMoment } from '@/shared/text';
import { CopyButton } from '@/shared/ui';
import { plainText } from '../model/ansi';
import type { LogLine } from '../model/log-window';
import { useRun } from '../run-context';
import { Coloured } from './LogRow';
import classes from './logs.module.css';

/** Longer than this, a line is not seen whole in its row. */
const LONG = 120;

/** A line that is longer than its row, in full. */
export function LogPane({ line }: { line: LogLine }) {
  const { go } = useRun();
  const { seq, timestamp, level, stream, block, attempt, message } = line;
  if (message.length <= LONG && !message.includes('\n')) return null;
  return (
    <aside className={classes.pane} aria-label={`Line ${seq}`}>
      <header className={classes.paneHead}>
        <strong>Line {seq}</strong>
        <CopyButton value={plainText(message)} label="Copy the line" />
        <CopyButton value={location.href} label="Copy a link to the line" />
        <CloseButton
          size={24}
          aria-label="Close the line"
          onClick={() => go({ line: null }, { replace: true })}
        />
      </header>
      <p className={classes.dimmed}>
        {level.toLowerCase()} · {stream.toLowerCase()} · {block}
        {attempt !== null && ` · attempt ${attempt}`} · {formatMoment(timestamp)}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys */}
      <pre className={classes.full} tabIndex={0}>
        <Coloured text={message} />
      </pre>
    </aside>
  );
}
