import { Fragment, useMemo } from 'react';
import { formatCount } from '@/shared/text';
import classes from './diff.module.css';
import { type DiffLine, diffLines, hunksOf } from './lines';

interface DiffViewProps {
  label: string;
  before: string;
  after: string;
}

const SIGNS: Record<DiffLine['kind'], string> = { same: ' ', removed: '−', added: '+' };
const WORDS: Record<DiffLine['kind'], string> = { same: '', removed: 'removed', added: 'added' };

/** What changes between two texts, with a few lines around each change. */
export function DiffView({ label, before, after }: DiffViewProps) {
  const hunks = useMemo(() => hunksOf(diffLines(before, after)), [before, after]);
  if (hunks.length === 0) return <p className={classes.none}>Both say the same.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
    <section className={classes.diff} aria-label={label} tabIndex={0}>
      <table>
        <thead className={classes.head}>
          <tr>
            <th scope="col">Before</th>
            <th scope="col">After</th>
            <th scope="col">Change</th>
            <th scope="col">Line</th>
          </tr>
        </thead>
        <tbody>
          {hunks.map(({ skipped, lines }) => (
            <Fragment key={lines[0]?.before ?? `after-${lines[0]?.after}`}>
              {skipped > 0 && (
                <tr className={classes.skipped}>
                  <td colSpan={4}>
                    {skipped === 1 ? '1 line' : `${formatCount(skipped)} lines`} as before
                  </td>
                </tr>
              )}
              {lines.map(({ kind, text, before: old, after: young }) => (
                <tr key={`${old}-${young}`} className={classes.line} data-kind={kind}>
                  <td>{old}</td>
                  <td>{young}</td>
                  <td>
                    <span aria-hidden>{SIGNS[kind]}</span>
                    <span className={classes.word}>{WORDS[kind]}</span>
                  </td>
                  <td>{text}</td>
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
}
