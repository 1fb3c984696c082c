import { useEffect, useState } from 'react';
import { useLiveNow } from '@/shared/api';
import { formatDuration, formatMoment, formatRelative } from '@/shared/text';

const RELATIVE_TICK_MS = 10_000;

/** How long ago; the moment itself on hover. */
export function RelativeTime({ at }: { at: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), RELATIVE_TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at} title={formatMoment(at)}>
      {formatRelative(Date.parse(at), now)}
    </time>
  );
}

interface DurationProps {
  from: string | null | undefined;
  /** Null while it goes on: it then ticks, and stands still while nothing live comes in. */
  to: string | null | undefined;
}

export function Duration({ from, to }: DurationProps) {
  const now = useLiveNow(Boolean(from && !to));
  if (!from) return <span>–</span>;
  return <span>{formatDuration((to ? Date.parse(to) : now) - Date.parse(from))}</span>;
}
