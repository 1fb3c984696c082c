export { ScheduleFormRoute as Component } from './ScheduleFormRoute';
