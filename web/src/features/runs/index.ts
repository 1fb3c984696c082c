export { RunsRoute as Component } from './RunsRoute';
