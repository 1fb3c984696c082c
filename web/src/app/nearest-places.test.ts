import { expect, test } from 'vitest';
import { nearestPlaces } from './nearest-places';

const PLACES = ['/runs', '/pipelines', '/datasets', '/tools', '/tools/streams', '/pipelines/new'];

test.each([
  ['/run', ['/runs']],
  ['/piplines', ['/pipelines']],
  ['/run/run_000042', ['/runs/run_000042', '/runs']],
  ['/pipeline/demo/edit', ['/pipelines/demo/edit', '/pipelines', '/pipelines/new']],
  ['/streams', ['/tools/streams']],
  ['/dataset', ['/datasets']],
  ['/zebra', []],
])('%s may have meant %o', (pathname, wanted) => {
  expect(nearestPlaces(pathname, PLACES)).toEqual(wanted);
});
