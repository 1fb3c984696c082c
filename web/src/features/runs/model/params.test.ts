import { expect, test } from 'vitest';
import { paramsInWords } from './params';

test.each([
  [{}, ''],
  [null, ''],
  [
    { path: 'data/in.csv', limit: 3, dry: false, more: { a: [1] } },
    'path=data/in.csv, limit=3, dry=false, more={"a":[1]}',
  ],
])('%o in words', (params, wanted) => {
  expect(paramsInWords(params)).toBe(wanted);
});
