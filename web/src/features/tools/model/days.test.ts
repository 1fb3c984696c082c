import { expect, test } from 'vitest';
import { daysOf } from './days';

test.each([
  ['30', 30],
  [' 0 ', 0],
  ['36500', 36_500],
  ['36501', null],
  ['-1', null],
  ['1.5', null],
  ['1e3', null],
  ['', null],
])('%s is %s days', (text, wanted) => {
  expect(daysOf(text)).toBe(wanted);
});
