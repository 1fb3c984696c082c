import type { RouteObject } from 'react-router';
import { expect, test } from 'vitest';
import { FIRST_NEEDS } from './first-needs';
import { routes } from './routes';

/** The addresses at which a screen is loaded. */
function addressesIn(table: RouteObject[], above = ''): string[] {
  return table.flatMap(({ path = '', lazy, children = [] }) => {
    const own = path === '/' ? '' : path && `${above}/${path}`;
    return [...(lazy ? [own] : []), ...addressesIn(children, own || above)];
  });
}

test('Every screen has its files fetched ahead', () => {
  const known = FIRST_NEEDS.map(({ path }) => path);
  expect(known).toEqual(expect.arrayContaining(addressesIn(routes)));
});
