import { memo } from 'react';
import { formatClock, formatCount } from '@/shared/text';
import { plainText, spansOf } from '../model/ansi';
import type { LogLine } from '../model/log-window';
import classes from './logs.module.css';

interface LogRowProps {
  line: LogLine;
  isChosen: boolean;
  /** Whether lines of several blocks stand together. */
  isNamed: boolean;
  sought: string;
}

/** One line, always one row high. */
export const LogRow = memo(function LogRow({ line, isChosen, isNamed, sought }: LogRowProps) {
  const { seq, timestamp, level, block, message, omitted } = line;
  if (omitted > 0) {
    return (
      <div className={classes.row} data-seq={seq} data-capped>
        <span className={classes.number}>{seq}</span>
        <span className={classes.message}>{formatCount(omitted)} lines not kept</span>
      </div>
    );
  }
  // A row is one line; what follows a line's end is in the pane.
  const [shown = '', ...rest] = message.split('\n', 2);
  const isFound = sought !== '' && plainText(shown).toLowerCase().includes(sought.toLowerCase());
  return (
    <div
      className={classes.row}
      data-seq={seq}
      data-level={level}
      data-chosen={isChosen || undefined}
    >
      <span className={classes.number} title="A link to this line">
        {seq}
      </span>
      <time className={classes.time} dateTime={timestamp}>
        {formatClock(timestamp)}
      </time>
      <span className={classes.level}>{level}</span>
      {isNamed && <span className={classes.block}>{block}</span>}
      <span className={classes.message}>
        {isFound ? <Found text={plainText(shown)} part={sought} /> : <Coloured text={shown} />}
        {rest.length > 0 && <span className={classes.more}> …</span>}
      </span>
    </div>
  );
});

export function Coloured({ text }: { text: string }) {
  return spansOf(text).map(({ text: part, ink, bold, dim, italic, underline }, at) => (
    <span
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line never change
      key={at}
      data-ink={ink ?? undefined}
      data-bold={bold || undefined}
      data-dim={dim || undefined}
      data-italic={italic || undefined}
      data-underline={underline || undefined}
    >
      {part}
    </span>
  ));
}

/** The line with every place marked that holds what is sought. */
function Found({ text, part }: { text: string; part: string }) {
  const found: React.ReactNode[] = [];
  const low = text.toLowerCase();
  let at = 0;
  for (;;) {
    const next = low.indexOf(part.toLowerCase(), at);
    if (next < 0) break;
    found.push(
      text.slice(at, next),
      <mark key={next}>{text.slice(next, next + part.length)}</mark>,
    );
    at = next + part.length;
  }
  return [...found, text.slice(at)];
}
