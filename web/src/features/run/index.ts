export { RunRoute as Component } from './RunRoute';
