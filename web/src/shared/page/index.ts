export { type Crumb, Page, useCrumbs, usePage } from './page';
export { useAddressNow, useSearch } from './use-search';
