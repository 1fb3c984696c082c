import { useState } from 'react';
import classes from './artifacts.module.css';

/** More members than this are shown on demand. */
const AT_ONCE = 100;

/** A JSON value, its members folded away below the second level. */
export function JsonTree({ value }: { value: unknown }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
    <div className={classes.tree} tabIndex={0}>
      <Value value={value} depth={0} />
    </div>
  );
}

function Value({ value, name, depth }: { value: unknown; name?: string; depth: number }) {
  const [isOpen, setOpen] = useState(depth < 2);
  const [shown, setShown] = useState(AT_ONCE);
  const key = name === undefined ? null : <span className={classes.key}>{name}: </span>;
  if (typeof value !== 'object' || value === null) {
    return (
      <div className={classes.leaf}>
        {key}
        <span data-json={value === null ? 'null' : typeof value}>{JSON.stringify(value)}</span>
      </div>
    );
  }
  const isList = Array.isArray(value);
  const members = Object.entries(value);
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {key}
        {isList ? `[${members.length}]` : `{${members.length}}`}
      </summary>
      {isOpen && (
        <div className={classes.members}>
          {members.slice(0, shown).map(([member, each]) => (
            <Value key={member} name={member} value={each} depth={depth + 1} />
          ))}
          {members.length > shown && (
            <button type="button" className={classes.pick} onClick={() => setShown(shown * 10)}>
              {members.length - shown} more
            </button>
          )}
        </div>
      )}
    </details>
  );
}
