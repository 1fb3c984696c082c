import { expect, test } from 'vitest';
import { belongs, filterOf, narrowed, pageVariables, paramsOf, viewOf } from './view';

const view = (search: string) => viewOf(new URLSearchParams(search));

test.each([
  ['', {}],
  ['status=failed', { status: 'failed' }],
  ['status=FAILED,nonsense,running&q=%20', { status: 'running,failed', q: ' ' }],
  ['pipeline=demo&q=a%2Bb&after=c1', { pipeline: 'demo', q: 'a+b', after: 'c1' }],
  ['after=c1&before=c2', { after: 'c1' }],
])('The address ?%s says %o', (search, wanted) => {
  expect(paramsOf(view(search))).toEqual(wanted);
});

test.each([
  ['', null],
  ['q=%20%20', null],
  ['status=queued&pipeline=demo&q=%20x', { status: ['QUEUED'], pipeline: 'demo', search: 'x' }],
])('The view of ?%s asks the server for %o', (search, wanted) => {
  expect(filterOf(view(search))).toEqual(wanted);
});

test('A page is asked for forwards or backwards, and other conditions begin at the newest', () => {
  expect(pageVariables(view(''))).toEqual({ filter: null, first: 50, after: null });
  expect(pageVariables(view('after=c'))).toEqual({ filter: null, first: 50, after: 'c' });
  expect(pageVariables(view('before=c'))).toEqual({ filter: null, last: 50, before: 'c' });
  expect(paramsOf(narrowed(view('after=c&q=x'), { pipeline: 'p' }))).toEqual({
    q: 'x',
    pipeline: 'p',
  });
});

test.each([
  ['', true],
  ['status=running', true],
  ['status=failed', false],
  ['status=failed,running&pipeline=demo', true],
  ['pipeline=dem', false],
  ['q=DEM', true],
  ['q=00a', true],
  ['q=other', false],
])('A run of demo belongs to ?%s: %s', (search, wanted) => {
  const run = { id: 'run_00A', status: 'RUNNING' as const, pipeline: { name: 'demo' } };
  expect(belongs(view(search), run)).toBe(wanted);
});
