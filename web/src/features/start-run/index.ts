export { StartRunRoute as Component } from './StartRunRoute';
