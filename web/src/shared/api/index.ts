export { waitToRetry } from './backoff';
export { type Api, connectTo } from './client';
export { type Badge, type Connection, isStale } from './connection';
export { ApiProvider, useApi } from './context';
export { endpointsFrom } from './endpoints';
export { useEntity } from './entity';
export { FrameBuffer, nextTask, onceDrawn } from './frames';
export type { Following, Live } from './live';
export { isKeyRefused, type Problem, problemOf, refusalOf } from './problem';
export { Store, useStore } from './store';
export {
  useBadge,
  useConnection,
  useLiveNow,
  useOnKey,
  useOnResume,
  useStale,
} from './use-connection';
export { type LiveState, useLiveState } from './use-live-state';
export { writeResult } from './write';
