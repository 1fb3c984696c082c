export { PipelineRoute as Component } from './PipelineRoute';
