import { expect, test } from 'vitest';
import { usesOf } from './uses';

test('A file can go wherever a pipeline takes a path, and is filled in there', () => {
  const uses = usesOf('data/a b.csv', [
    { name: 'plain', params: [{ name: 'limit', type: 'INTEGER' }] },
    {
      name: 'join',
      params: [
        { name: 'left', type: 'PATH' },
        { name: 'right', type: 'PATH' },
      ],
    },
  ]);
  expect(uses.map(({ pipeline, param }) => `${pipeline}.${param}`)).toEqual([
    'join.left',
    'join.right',
  ]);
  const to = new URL(uses[1]?.to ?? '', 'http://here');
  expect(to.pathname).toBe('/pipelines/join/run');
  expect(JSON.parse(to.searchParams.get('params') ?? '')).toEqual({ right: 'data/a b.csv' });
});
