import { type ReactNode, useEffect, useRef, useState } from 'react';
import classes from './ui.module.css';

/** What may be wider than its place scrolls in it, by keys too, and the page does not. */
export function WideContent({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  const [isWider, setWider] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const measure = () => setWider(element.scrollWidth > element.clientWidth);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    // Each is told of at once, when the browser has laid it out: asked here, it would do so twice.
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);
  return (
    // A stop for those who scroll by keys, and only where there is something to scroll.
    <div ref={place} className={classes.wide} tabIndex={isWider ? 0 : undefined}>
      {children}
    </div>
  );
}
