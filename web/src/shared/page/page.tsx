import { type ReactNode, useEffect } from 'react';
import { Store, useStore } from '@/shared/api/store';

export interface Crumb {
  label: string;
  /** Where it leads; the last one leads nowhere. */
  to?: string;
}

const crumbs = new Store<readonly Crumb[]>([]);

/** Titles the page, state first (`✕ demo-ui · run 42`), and says where in the product it is. */
export function usePage(title: string, path: readonly Crumb[]): void {
  const key = JSON.stringify(path);
  useEffect(() => {
    document.title = `${title} · Headrace`;
  }, [title]);
  useEffect(() => crumbs.set(JSON.parse(key)), [key]);
}

export function useCrumbs(): readonly Crumb[] {
  return useStore(crumbs);
}

interface PageProps {
  heading: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A screen's frame: its heading, what can be done with it, and the rest. */
export function Page({ heading, actions, children }: PageProps) {
  return (
    <>
      <header className="page-header">
        <h1>{heading}</h1>
        {actions && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}
