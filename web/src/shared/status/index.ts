export { StatusBadge } from './StatusBadge';
export { StatusIcon } from './StatusIcon';
export * from './status';
