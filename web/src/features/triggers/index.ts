export { TriggersRoute as Component } from './TriggersRoute';
