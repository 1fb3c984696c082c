export { PipelinesRoute as Component } from './PipelinesRoute';
