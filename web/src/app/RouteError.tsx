import { useRouteError } from 'react-router';
import { ErrorPanel, faultOf } from '@/shared/ui';

/** A screen that could not be loaded or drawn; the shell around it stays. */
export function RouteError() {
  const error = useRouteError();
  return <ErrorPanel problem={faultOf('This page', error)} onRetry={() => location.reload()} />;
}
