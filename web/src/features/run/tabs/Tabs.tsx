import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import classes from './tabs.module.css';

interface TabsProps<T extends string> {
  label: string;
  tabs: readonly { id: T; label: ReactNode }[];
  chosen: T;
  onChoose: (tab: T) => void;
  /** The chosen tab's panel. */
  children: ReactNode;
  className?: string;
}

/** Tabs whose choice is kept elsewhere: in the address. Arrow keys go from one to the next. */
export function Tabs<T extends string>({
  label,
  tabs,
  chosen,
  onChoose,
  children,
  className,
}: TabsProps<T>) {
  const base = useId();
  const list = useRef<HTMLDivElement>(null);
  // Not by scrollIntoView: that would scroll the page as well.
  useLayoutEffect(() => {
    const tab = document.getElementById(`${base}-${chosen}`);
    if (!tab || !list.current) return;
    const { scrollLeft, clientWidth } = list.current;
    const end = tab.offsetLeft + tab.offsetWidth;
    list.current.scrollLeft = Math.max(end - clientWidth, Math.min(scrollLeft, tab.offsetLeft));
  }, [base, chosen]);
  const pressed = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = tabs.findIndex(({ id }) => id === chosen);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (!next) return;
    onChoose(next.id);
    document.getElementById(`${base}-${next.id}`)?.focus();
  };
  return (
    <div className={`${classes.tabs} ${className ?? ''}`}>
      <div
        ref={list}
        role="tablist"
        aria-label={label}
        className={classes.list}
        onKeyDown={pressed}
      >
        {tabs.map(({ id, label: name }) => (
          <button
            key={id}
            id={`${base}-${id}`}
            type="button"
            role="tab"
            aria-selected={id === chosen}
            aria-controls={`${base}-panel`}
            tabIndex={id === chosen ? 0 : -1}
            className={classes.tab}
            onClick={() => onChoose(id)}
          >
            {name}
          </button>
        ))}
      </div>
      <div
        id={`${base}-panel`}
        role="tabpanel"
        aria-labelledby={`${base}-${chosen}`}
        className={classes.panel}
      >
        {children}
      </div>
    </div>
  );
}
