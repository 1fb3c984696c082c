import { expect, test } from 'vitest';
import { addressFrom, addressTo, changed } from './address';

const PLAIN = addressFrom('', '');

test.each([
  ['', ''],
  ['?view=gantt', ''],
  ['?view=graph&tab=artifacts&block=csv&attempt=2&level=error&q=a+b', '#L120'],
])('%s%s is read and written alike', (search, hash) => {
  expect(addressTo(addressFrom(search, hash))).toEqual({ search, hash });
});

test.each([
  ['?view=sideways', '#top'],
  ['?tab=x&level=LOUD&attempt=-1', '#L0'],
  ['?block=&q=', '#L1e9'],
])('What %s%s says wrongly is as by default', (search, hash) => {
  expect(addressFrom(search, hash)).toEqual(PLAIN);
});

test('Another block is seen from its beginning, unless the change says where', () => {
  const there = { ...PLAIN, block: 'a', attempt: 2, line: 7 };
  expect(changed(there, { block: 'b' })).toMatchObject({ block: 'b', attempt: null, line: null });
  expect(changed(there, { block: 'b', line: 9 })).toMatchObject({ block: 'b', line: 9 });
  expect(changed(there, { tab: 'io' })).toMatchObject({ block: 'a', attempt: 2, line: 7 });
});
