export { SchedulesRoute as Component } from './SchedulesRoute';
