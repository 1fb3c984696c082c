export { ToolsRoute as Component } from './ToolsRoute';
