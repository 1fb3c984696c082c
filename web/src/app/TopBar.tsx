import { ActionIcon } from '@mantine/core';
import { CircleHelp, KeyRound, Search } from 'lucide-react';
import { Link } from 'react-router';
import { useApi } from '@/shared/api';
import { KeyCaps } from '@/shared/commands';
import { useCrumbs } from '@/shared/page';
import { ConnectionBadge } from './ConnectionBadge';
import { ThemeSwitch } from './ThemeSwitch';

interface TopBarProps {
  onSearch: () => void;
  onHelp: () => void;
}

export function TopBar({ onSearch, onHelp }: TopBarProps) {
  const { key } = useApi();
  return (
    <header className="top">
      <Link to="/runs" className="brand">
        Headrace
      </Link>
      <Breadcrumb />
      <div className="top-tools">
        <button
          type="button"
          className="search"
          onClick={onSearch}
          aria-label="Search and commands"
        >
          <Search size={14} aria-hidden />
          <span className="search-words" aria-hidden>
            Search
            <KeyCaps keys="mod+k" />
          </span>
        </button>
        <ConnectionBadge />
        <ActionIcon
          variant="subtle"
          color="gray"
          className="top-help"
          title="Keys (?)"
          aria-label="Keys"
          onClick={onHelp}
        >
          <CircleHelp size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          title="API key"
          aria-label="API key"
          onClick={() => key.wanted.set('reader')}
        >
          <KeyRound size={16} aria-hidden />
        </ActionIcon>
        <ThemeSwitch />
      </div>
    </header>
  );
}

function Breadcrumb() {
  const crumbs = useCrumbs();
  return (
    <nav aria-label="Breadcrumb" className="crumbs">
      <ol>
        {crumbs.map(({ label, to }) => (
          <li key={label}>
            {to ? <Link to={to}>{label}</Link> : <span aria-current="page">{label}</span>}
          </li>
        ))}
      </ol>
    </nav>
  );
}
