import { lazy, Suspense, useState } from 'react';
import { Outlet, useNavigate } from 'react-router';
import { useApi, useStore } from '@/shared/api';
import { useCommands, useKeys } from '@/shared/commands';
import { goToCommands } from './go-to';
import { OpenFiles } from './OpenFiles';
import { Rail } from './Rail';
import { APP, PALETTE } from './sections';
import { TopBar } from './TopBar';
import './shell.css';

// Each is there once it is asked for, and not before.
const KeyDialog = lazy(() => import('./key/KeyDialog'));
const Palette = lazy(() => import('./palette/Palette'));
const HelpDialog = lazy(() => import('./help/HelpDialog'));

/** What stands around every screen. */
export function Shell() {
  const navigate = useNavigate();
  const { key } = useApi();
  const keyWanted = useStore(key.wanted);
  const [open, setOpen] = useState<'palette' | 'help' | null>(null);
  const close = () => setOpen(null);
  useKeys();
  useCommands([
    ...goToCommands((to) => void navigate(to)),
    {
      id: PALETTE,
      label: 'Search and commands',
      section: APP,
      keys: 'mod+k',
      run: () => setOpen('palette'),
    },
    {
      id: 'app.help',
      label: 'Keys, and whether they are on',
      section: APP,
      keys: '?',
      run: () => setOpen('help'),
    },
    {
      id: 'app.key',
      label: 'Give an API key',
      section: APP,
      run: () => key.wanted.set('reader'),
    },
  ]);
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        Skip to the page
      </a>
      <Rail />
      <TopBar onSearch={() => setOpen('palette')} onHelp={() => setOpen('help')} />
      <main id="main" className="main" tabIndex={-1}>
        <Outlet />
      </main>
      <OpenFiles />
      <Suspense>
        {open === 'palette' && <Palette onClose={close} />}
        {open === 'help' && <HelpDialog onClose={close} />}
      </Suspense>
      <Suspense>{keyWanted !== null && <KeyDialog />}</Suspense>
    </div>
  );
}
