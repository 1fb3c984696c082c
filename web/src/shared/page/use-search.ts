import { use, useCallback } from 'react';
import {
  createSearchParams,
  type Location,
  type NavigateOptions,
  UNSAFE_DataRouterContext,
  type URLSearchParamsInit,
  useLocation,
  useNavigate,
  useSearchParams,
} from 'react-router';

/**
 * Tells the address as it is when it is asked for. What is drawn follows it a moment later, and two keys
 * that are pressed within that moment each build on what the other has done.
 */
export function useAddressNow(): () => Location {
  const router = use(UNSAFE_DataRouterContext)?.router;
  if (!router) throw new Error('useAddressNow is used outside of a router');
  return useCallback(() => router.state.navigation.location ?? router.state.location, [router]);
}

/** What comes behind the `?`, and a way to change it that loses no change made a moment before. */
export function useSearch() {
  const [params] = useSearchParams();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const addressNow = useAddressNow();
  const change = (
    next: (params: URLSearchParams) => URLSearchParamsInit,
    options?: NavigateOptions,
  ) => {
    const now = addressNow();
    // A screen that is being left has no say in the address of the next one.
    if (now.pathname !== pathname) return;
    const search = createSearchParams(next(new URLSearchParams(now.search)));
    void navigate(`?${search}`, options);
  };
  return [params, change] as const;
}
