import { useCallback, useMemo } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useAddressNow } from '@/shared/page';
import { type Address, addressFrom, addressTo, changed } from './model/address';

/** Changes what the page shows; `replace` for what is no step to come back to. */
export type Go = (change: Partial<Address>, options?: { replace?: boolean }) => void;

interface Addressed {
  /** What the page shows, as the address says it. */
  address: Address;
  /** What the address says at the moment, which the page may be about to show. */
  now: () => Address;
  go: Go;
}

export function useAddress(): Addressed {
  const { pathname, search, hash } = useLocation();
  const navigate = useNavigate();
  const addressNow = useAddressNow();
  const address = useMemo(() => addressFrom(search, hash), [search, hash]);
  const now = useCallback(() => {
    const there = addressNow();
    return addressFrom(there.search, there.hash);
  }, [addressNow]);
  const go = useCallback<Go>(
    (change, { replace = false } = {}) => {
      // An answer that comes when its reader is gone has no say in the address of another screen.
      if (addressNow().pathname !== pathname) return;
      void navigate(addressTo(changed(now(), change)), { replace, preventScrollReset: true });
    },
    [navigate, addressNow, now, pathname],
  );
  return { address, now, go };
}
