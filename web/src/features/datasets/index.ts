export { DatasetsRoute as Component } from './DatasetsRoute';
