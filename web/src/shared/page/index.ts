export { type Crumb, Page, useCrumbs, usePage } from './page';
