import { KeyRound, Radio, RefreshCw, WifiOff } from 'lucide-react';
import { useApi, useBadge } from '@/shared/api';

const ICONS = {
  live: Radio,
  reconnecting: RefreshCw,
  offline: WifiOff,
  'key-needed': KeyRound,
};

/** Whether what the page shows is live, and since when not. */
export function ConnectionBadge() {
  const { key } = useApi();
  const { state, label, detail } = useBadge();
  const Icon = ICONS[state];
  return (
    <button
      type="button"
      className="connection"
      data-state={state}
      onClick={() => {
        if (state === 'key-needed') key.wanted.set('server');
      }}
    >
      <Icon size={14} aria-hidden />
      {/* The state is announced; the seconds that are counted beside it are not. */}
      <span role="status">{label}</span>
      {detail && <span className="connection-detail">{detail}</span>}
    </button>
  );
}
