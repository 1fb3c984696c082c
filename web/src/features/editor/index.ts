export { EditorRoute as Component } from './EditorRoute';
