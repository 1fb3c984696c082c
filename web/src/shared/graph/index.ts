export { GraphBlockFragment } from './documents';
export { GraphView } from './GraphView';
export { BlockStatuses } from './statuses';
export type { GraphViewEdge, GraphViewNode, GraphViewProps } from './types';
