import { expect, test } from 'vitest';
import { allowedOf } from './allowed';

test.each([
  [{}, ''],
  [{ minimum: 0 }, 'at least 0'],
  [{ maximum: 9 }, 'at most 9'],
  [{ minimum: 1, maximum: 9 }, '1 to 9'],
  [{ choices: ['a', 1], minimum: 1 }, 'a, 1'],
  [{ choices: null, minimum: null, maximum: null }, ''],
])('What %j allows is %j', (bounds, words) => {
  expect(allowedOf(bounds)).toBe(words);
});
