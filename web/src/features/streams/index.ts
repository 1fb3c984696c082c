export { StreamsRoute as Component } from './StreamsRoute';
