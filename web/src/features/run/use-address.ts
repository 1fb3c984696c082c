import { useCallback, useMemo, useRef } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { type Address, addressFrom, addressTo, changed } from './model/address';

/** Changes what the page shows; `replace` for what is no step to come back to. */
export type Go = (change: Partial<Address>, options?: { replace?: boolean }) => void;

/** What the page shows, as the address says it. */
export function useAddress(): { address: Address; go: Go } {
  const { search, hash } = useLocation();
  const navigate = useNavigate();
  const address = useMemo(() => addressFrom(search, hash), [search, hash]);
  const latest = useRef(address);
  latest.current = address;
  const go = useCallback<Go>(
    (change, { replace = false } = {}) => {
      latest.current = changed(latest.current, change);
      void navigate(addressTo(latest.current), { replace, preventScrollReset: true });
    },
    [navigate],
  );
  return { address, go };
}
